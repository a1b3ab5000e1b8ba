"""What the product keeps: five tables, the bucket of large values, the bucket of the audit's signed checkpoints."""

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from llm_config_cdk.stack import StageStack
from llm_config_cdk.stages import Stage

LISTED_TABLES = ("configs", "secrets")
LISTED_ATTRIBUTES = (
    "version",
    "record",
    "mark",
    "newest",
    "current",
    "deleted",
    "next_rotation_at",
    "revision",
    "committed_at",
)
DUE_ATTRIBUTES = ("due_record",)
EXPIRING_TABLES = ("counters", "journal")
TABLES = ("configs", "secrets", "control", "counters", "journal")
TEXT = dynamodb.AttributeType.STRING
ARCHIVED = ((s3.StorageClass.INFREQUENT_ACCESS, 30), (s3.StorageClass.GLACIER, 275))
"""A month comes here 90 days after it ended: a year after that day the database has it no more."""
ARCHIVE_DAYS = 7 * 365 - 90
"""Seven years from the month's end."""
SUPERSEDED_DAYS = 7
"""How long an object that was deleted or written over can be had back."""


class StateStack(StageStack):
    def __init__(self, scope: Construct, stage: Stage, platform_key: kms.IKey) -> None:
        super().__init__(scope, stage, "state")
        self._key = platform_key
        self.tables = {name: self._table(name) for name in TABLES}
        for name in LISTED_TABLES:
            self._add_listing(self.tables[name])
        self._add_due(self.tables["secrets"])
        self._bucket_logs = self._log_bucket()
        self._values_bucket()
        self._checkpoints_bucket()
        self._audit_bucket()

    @property
    def journal_stream_arn(self) -> str:
        """It ends with the moment at which the stream was made, so no name tells it."""
        return str(self.tables["journal"].table_stream_arn)

    def _table(self, name: str) -> dynamodb.Table:
        return dynamodb.Table(
            self,
            name,
            table_name=f"{self.place.table_prefix}{name}",
            partition_key=dynamodb.Attribute(name="pk", type=TEXT),
            sort_key=dynamodb.Attribute(name="sk", type=TEXT),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED,
            encryption_key=self._key,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            time_to_live_attribute="expires_at" if name in EXPIRING_TABLES else None,
            stream=dynamodb.StreamViewType.NEW_IMAGE if name == "journal" else None,
            deletion_protection=self.stage.protected,
            removal_policy=self.at_the_end,
        )

    def _add_listing(self, table: dynamodb.Table) -> None:
        table.add_global_secondary_index(
            index_name="listing",
            partition_key=dynamodb.Attribute(name="listing", type=TEXT),
            sort_key=dynamodb.Attribute(name="listed", type=TEXT),
            projection_type=dynamodb.ProjectionType.INCLUDE,
            non_key_attributes=list(LISTED_ATTRIBUTES),
        )

    def _add_due(self, table: dynamodb.Table) -> None:
        """Sparse: a row stands in it as long as it waits for its time."""
        table.add_global_secondary_index(
            index_name="due",
            partition_key=dynamodb.Attribute(name="due", type=TEXT),
            sort_key=dynamodb.Attribute(name="due_at", type=TEXT),
            projection_type=dynamodb.ProjectionType.INCLUDE,
            non_key_attributes=list(DUE_ATTRIBUTES),
        )

    def _log_bucket(self) -> s3.Bucket:
        return s3.Bucket(
            self,
            "bucket-logs",
            bucket_name=self.place.bucket("bucket-logs"),
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(self.stage.log_days))],
            removal_policy=self.at_the_end,
        )

    def _values_bucket(self) -> s3.Bucket:
        """Large values are never written over; a version in the way of a deletion is the only way back from a mistake."""
        return s3.Bucket(
            self,
            "values",
            bucket_name=self.place.values_bucket,
            encryption=s3.BucketEncryption.KMS,
            encryption_key=self._key,
            bucket_key_enabled=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            versioned=True,
            lifecycle_rules=[
                s3.LifecycleRule(
                    noncurrent_version_expiration=Duration.days(SUPERSEDED_DAYS),
                    abort_incomplete_multipart_upload_after=Duration.days(1),
                    expired_object_delete_marker=True,
                )
            ],
            server_access_logs_bucket=self._bucket_logs,
            server_access_logs_prefix="values/",
            removal_policy=self.at_the_end,
        )

    def _audit_bucket(self) -> s3.Bucket:
        """The audit's archive: read now and then for a year, hardly ever after that, gone after seven; and exports that
        were too large for an answer."""
        return s3.Bucket(
            self,
            "audit",
            bucket_name=self.place.bucket("audit"),
            encryption=s3.BucketEncryption.KMS,
            encryption_key=self._key,
            bucket_key_enabled=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            versioned=True,
            lifecycle_rules=[
                s3.LifecycleRule(
                    prefix="archive/",
                    transitions=[
                        s3.Transition(storage_class=storage, transition_after=Duration.days(days))
                        for storage, days in ARCHIVED
                    ],
                    expiration=Duration.days(ARCHIVE_DAYS),
                    noncurrent_version_expiration=Duration.days(SUPERSEDED_DAYS),
                ),
                s3.LifecycleRule(
                    prefix="exports/",
                    expiration=Duration.days(1),
                    noncurrent_version_expiration=Duration.days(1),
                ),
                s3.LifecycleRule(abort_incomplete_multipart_upload_after=Duration.days(1)),
            ],
            server_access_logs_bucket=self._bucket_logs,
            server_access_logs_prefix="audit/",
            removal_policy=self.at_the_end,
        )

    def _checkpoints_bucket(self) -> s3.Bucket:
        """What was published about the audit cannot be taken back: in a protected stage not even by the account's root."""
        years = Duration.days(365 * self.stage.checkpoint_years)
        lock = s3.ObjectLockRetention
        return s3.Bucket(
            self,
            "checkpoints",
            bucket_name=self.place.bucket("checkpoints"),
            encryption=s3.BucketEncryption.KMS,
            encryption_key=self._key,
            bucket_key_enabled=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            versioned=True,
            object_lock_enabled=True,
            object_lock_default_retention=lock.compliance(years) if self.stage.protected else lock.governance(years),
            server_access_logs_bucket=self._bucket_logs,
            server_access_logs_prefix="checkpoints/",
            removal_policy=self.at_the_end,
        )
