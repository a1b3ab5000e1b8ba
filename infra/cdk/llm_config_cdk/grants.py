"""What each port may ask of AWS: with what AWS's services do for us (`service_grants`), the only permissions there are.

A row says, for one port, exactly the calls of the adapter that stands behind it on AWS. Rows are written in names
(`table/configs`, `token-key`); a `Place` makes ARNs of them. Nothing here knows CDK, so all of it is tested without.

A table is written by PutItem alone and, but for the record of an access, inside a transaction alone: the record of a
change rides in the same one, so no role can change a thing in silence. Nothing may delete or update a row, and nothing
may scan. `dynamodb:LeadingKeys` holds each writer to the partitions that are its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

Conditions = Mapping[str, Mapping[str, str | tuple[str, ...]]]
TENANT_TAG = "llm-config:tenant"


@dataclass(frozen=True, slots=True)
class Grant:
    """Actions on named resources."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: Conditions = field(default_factory=dict)


def _read(*tables: str) -> Grant:
    """Rows by key, alone and together with others."""
    return Grant(("dynamodb:GetItem", "dynamodb:BatchGetItem"), tuple(f"table/{table}" for table in tables))


def _read_together(*tables: str) -> Grant:
    return Grant(("dynamodb:BatchGetItem",), tuple(f"table/{table}" for table in tables))


def _read_alone(*tables: str) -> Grant:
    return Grant(("dynamodb:GetItem",), tuple(f"table/{table}" for table in tables))


def _query(*names: str) -> Grant:
    return Grant(("dynamodb:Query",), names)


def _leading(*keys: str) -> Conditions:
    return {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": keys}}


_IN_A_TRANSACTION: Conditions = {
    "ForAnyValue:StringEquals": {"dynamodb:EnclosingOperation": ("TransactWriteItems",)},
}


def _write(table: str, *leading: str) -> Grant:
    """New rows and rows in the place of others, of these partitions, in transactions only."""
    return Grant(("dynamodb:PutItem",), (f"table/{table}",), {**_IN_A_TRANSACTION, **_leading(*leading)})


def _change_of(*lines: str) -> tuple[Grant, ...]:
    """The record of a change and the promise not to repeat it: they ride in its transaction. The record is read again
    when no answer came, to learn whether the change was made."""
    return (
        _write("journal", *lines),
        _read_alone("journal"),
        _write("counters", "T#*#I#*"),
        _read_together("counters"),
    )


def _large_values(*verbs: str) -> Grant:
    return Grant(tuple(f"s3:{verb}Object" for verb in verbs), ("values",))


_ERASED = (Grant(("s3:ListBucketVersions",), ("values-bucket",)), Grant(("s3:DeleteObjectVersion",), ("values",)))
"""A destroyed value is erased in every version that the bucket kept."""

_TENANT_BOUND: Conditions = {"Null": {"kms:EncryptionContext:tenant": "false"}}
"""Identity policies cannot name keys that are made at run time: which tenant's key opens for which tenant's values, and
to which roles, is said by the key's own policy (`adapters/kms/key_policy.py`)."""

_AUDIT_DATABASE = Grant(("rds-db:connect",), ("audit-database",))
"""Row-level security binds it to one tenant at a time; the role of the database adds leaves and changes none."""

_SHOWN = ("pk", "sk", "version", "record", "mark", "newest", "current", "deleted", "next_rotation_at", "revision")
"""Of a head everything but its value, and where that lies."""
_READ_AS_SHOWN = Grant(
    ("dynamodb:BatchGetItem",),
    ("table/configs", "table/secrets"),
    {
        "ForAllValues:StringEquals": {"dynamodb:Attributes": _SHOWN},
        "StringEqualsIfExists": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"},
    },
)
"""DynamoDB Developer Guide, "Using IAM policy conditions for fine-grained access control"."""

_MARKING = ("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:PutItem")
"""Of marks in the journal: no change of a thing, so they ride in no transaction."""

NOTHING: tuple[Grant, ...] = ()

GRANTS: Mapping[str, tuple[Grant, ...]] = {
    "access_log": NOTHING,  # lines of the function's own log
    "api_key_reader": (_read_together("control"), _query("table/control")),
    "api_key_reader.held": (Grant(("dynamodb:GetItem",), ("table/control",), _leading("APIKEY#*")),),
    "api_key_writer": (
        _read_together("control"),
        _write("control", "APIKEY#*", "T#*#C"),
        *_change_of("T#*#C"),
    ),
    "audit_appender": (_AUDIT_DATABASE,),
    "audit_checkpoints": (
        Grant(("s3:GetObject", "s3:PutObject"), ("checkpoints",)),
        Grant(("s3:ListBucket",), ("checkpoints-bucket",)),
    ),
    "audit_exports": (
        Grant(("s3:GetObject", "s3:PutObject"), ("audit-exports",)),
        Grant(("s3:ListBucket",), ("audit-bucket",)),  # or S3 answers 403 for what is not made yet
        Grant(("sqs:SendMessage",), ("queue/make_audit_export",)),
    ),
    "audit_keeper": (
        Grant(("secretsmanager:GetSecretValue",), ("audit-owner",)),
        Grant(("s3:PutObject",), ("audit-archive",)),
    ),
    "audit_reader": (
        _AUDIT_DATABASE,
        _query("table/journal", "listing/configs", "listing/secrets"),  # what the stream has not delivered yet
    ),
    "audit_signer": (
        Grant(("kms:Sign",), ("audit-key",), {"StringEquals": {"kms:SigningAlgorithm": "ED25519_SHA_512"}}),
        Grant(("kms:GetPublicKey",), ("audit-key",)),
    ),
    "audit_subjects": (_AUDIT_DATABASE,),
    "cache_purger": (_read_together("control"), _write("control", "T#*#C"), *_change_of("T#*#C")),
    "change_feed": (
        _read_together("control", "configs"),
        _query("listing/configs", "table/journal"),
        _large_values("Get"),
    ),
    "change_signal": (_read_together("control", "configs"), _query("listing/configs")),
    "clock": NOTHING,
    "config_reader": (
        _read_together("control", "configs"),
        _read_alone("configs"),
        _query("table/configs", "listing/configs"),
        Grant(("dynamodb:GetItem",), ("table/journal",), _leading("T#*#N#*")),  # when a revision was written
        _large_values("Get"),
    ),
    "config_writer": (
        _read_together("control", "configs"),
        _read_alone("configs"),
        _write("configs", "T#*#N#*"),
        *_change_of("T#*#N#*"),
        _large_values("Get", "Put"),
    ),
    "delivery_states": (Grant(("dynamodb:GetItem", "dynamodb:PutItem"), ("table/counters",), _leading("T#*#W")),),
    "event_bus": (Grant(("events:PutEvents",), ("bus",)),),
    "fleet_reader": (
        _read_together("control"),
        Grant(("dynamodb:Query",), ("table/counters",), _leading("T#*#F")),
    ),
    "fleet_writer": (_read_together("control"), _write("counters", "T#*#F")),
    "health_probe": (_read_alone("control"),),
    "identifiers": NOTHING,
    "issuer_keys": (Grant(("kms:GetPublicKey",), ("token-key",)),),
    "journal": (
        Grant(("dynamodb:PutItem",), ("table/journal",), _leading("T#*#A#*")),
        _read_alone("journal"),
    ),
    "large_values": (_large_values("Get", "Put"), *_ERASED),
    "journal_lines": (
        _read_alone("control"),
        Grant(("dynamodb:Query",), ("table/control",), _leading("TENANTS")),
        _query("table/journal", "listing/configs", "listing/secrets"),
    ),
    "journal_marks": (
        Grant(_MARKING, ("table/counters",), _leading("T#*#M", "SWEEPS")),
        Grant(("dynamodb:Query",), ("table/counters",), _leading("T#*#M")),
    ),
    "journal_marks.move": (Grant(_MARKING[1:], ("table/counters",), _leading("T#*#M")),),
    "key_inspector": NOTHING,
    "layer_cache": NOTHING,  # the container's memory
    "name_index": (Grant(("rds-db:connect",), ("search-database",)),),
    "name_projector": (Grant(("rds-db:connect",), ("names-database",)), _READ_AS_SHOWN),
    "namespace_reader": (
        _read_together("control", "configs", "secrets"),
        _query("table/control", "listing/configs", "listing/secrets"),
    ),
    "namespace_writer": (
        _read_together("control", "configs", "secrets"),
        _query("table/configs", "table/secrets"),
        _write("control", "T#*#C"),
        *_change_of("T#*#C"),
    ),
    "read_numbers": (_AUDIT_DATABASE,),
    "receipt_signer": (
        Grant(("kms:Sign",), ("receipt-key",), {"StringEquals": {"kms:SigningAlgorithm": "ED25519_SHA_512"}}),
        Grant(("kms:GetPublicKey",), ("receipt-key",)),
    ),
    "request_log": NOTHING,  # lines of the function's own log
    "rotation_agenda": (_query("due/secrets"),),
    "rotation_engine": (Grant(("states:StartExecution",), ("rotations",)),),
    "rotation_reader": (
        _read_together("control", "secrets"),
        _query("table/secrets"),
        _large_values("Get"),
    ),
    "rotation_target": (  # the secrets that a target's options name; it logs in elsewhere with what they hold
        _read_together("control", "secrets"),
        _query("table/secrets"),
        _large_values("Get"),
        Grant(("kms:Decrypt",), ("keys",), _TENANT_BOUND),
        _read_alone("control"),
    ),
    "rotation_writer": (
        _read_together("control", "secrets"),
        _write("secrets", "T#*#N#*", "T#*#R"),
        *_change_of("T#*#S#*"),
        _large_values("Put"),
    ),
    "schema_checker": NOTHING,
    "sealer": (
        Grant(("kms:GenerateDataKey",), ("keys",), _TENANT_BOUND),
        _read_alone("control"),
    ),
    "secret_expiries": (
        _query("due/secrets"),
        _read_together("control", "secrets"),
        _write("secrets", "T#*#N#*"),
        _write("journal", "T#*#S#*"),
        _read_alone("journal"),
    ),
    "secret_generator": NOTHING,
    "secret_reader": (
        _read_together("control", "secrets"),
        _query("table/secrets", "listing/secrets"),
        _large_values("Get"),
    ),
    "secret_transfers": (
        _read_together("control", "secrets"),
        _read_alone("secrets"),
        _write("secrets", "T#*#N#*"),
        *_change_of("T#*#S#*"),
        _large_values("Get", "Put"),
    ),
    "secret_writer": (
        _read_together("control", "secrets"),
        _read_alone("secrets"),
        _write("secrets", "T#*#N#*"),
        *_change_of("T#*#S#*"),
        _large_values("Put"),
        *_ERASED,
    ),
    "subscription_reader": (_read_together("control"), _query("table/control")),
    "subscription_writer": (
        _read_together("control"),
        _write("control", "T#*#C", "SUBSCRIPTIONS"),
        *_change_of("T#*#C"),
    ),
    "shared_layers": (Grant(("elasticache:Connect",), ("shared-cache", "shared-cache-user")),),
    "tenant_keys": (  # of `create`: what puts keys out of use comes with the operations that do it
        Grant(
            ("kms:CreateKey",),
            ("no-resource",),
            {
                "StringEquals": {"kms:KeySpec": "SYMMETRIC_DEFAULT", "kms:KeyUsage": "ENCRYPT_DECRYPT"},
                "Null": {f"aws:RequestTag/{TENANT_TAG}": "false"},
            },
        ),
        Grant(("kms:TagResource",), ("keys",), {"ForAllValues:StringEquals": {"aws:TagKeys": (TENANT_TAG,)}}),
        Grant(("kms:CreateAlias",), ("tenant-aliases", "keys")),
        Grant(("kms:DescribeKey", "kms:EnableKeyRotation"), ("keys",)),
        # Only a key that lost the race for its alias: no key that a tenant uses is without one.
        Grant(
            ("kms:ScheduleKeyDeletion",),
            ("keys",),
            {"Null": {"kms:ResourceAliases": "true", f"aws:ResourceTag/{TENANT_TAG}": "false"}},
        ),
    ),
    "tenant_reader": (_read_alone("control"),),
    "tenant_writer": (
        _read("control"),
        Grant(("dynamodb:PutItem",), ("table/control",), _leading("NAME#*")),  # the attempt, before the tenant's key
        _write("control", "NAME#*", "T#*#C", "TENANTS"),
        *_change_of("T#*#C"),
    ),
    "token_signer": (
        Grant(("kms:Sign",), ("token-key",), {"StringEquals": {"kms:SigningAlgorithm": "ECDSA_SHA_256"}}),
    ),
    "unsealer": (
        Grant(("kms:Decrypt",), ("keys",), _TENANT_BOUND),
        _read_alone("control"),
    ),
    "usage_reader": (Grant(("dynamodb:Query",), ("table/counters",), _leading("T#*#U#*")),),
    "usage_writer": (Grant(("dynamodb:GetItem", "dynamodb:PutItem"), ("table/counters",), _leading("T#*#U#*")),),
    "verified_tokens": NOTHING,  # the container's memory
    "witnesses": NOTHING,  # others' servers, over HTTPS
    "watcher_lines": (Grant(("execute-api:ManageConnections",), ("watch-connections",)),),
    "watchers": (
        Grant(_MARKING[:1] + _MARKING[2:], ("table/counters",), _leading("T#*#K", "CONNECTION#*", "WATCHING")),
        Grant(("dynamodb:Query",), ("table/counters",), _leading("T#*#K", "WATCHING")),
    ),
    "webhook_sender": NOTHING,  # it asks the world, not AWS
}
