"""Signed checkpoints in a bucket of their own, under object lock: what was published stays, whoever asks."""

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from llm_config_domain.audit.checkpoints import Signed
from llm_config_domain.errors import Unavailable
from llm_config_domain.names import TenantId

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_LARGEST = 10**15
_UNAVAILABLE = "the published checkpoints do not answer"


class S3AuditCheckpoints:
    """Implements `audit_checkpoints`: objects `<tenant>/<what is left to the largest size>`, so that the newest is the
    first by name, which is the order in which S3 lists."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client, self._bucket = client, bucket

    def publish(self, tenant: TenantId, signed: Signed) -> None:
        key = f"{tenant}/{_LARGEST - signed.checkpoint.size:015d}"
        try:
            self._client.put_object(Bucket=self._bucket, Key=key, Body=signed.note.encode(), IfNoneMatch="*")
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") != "PreconditionFailed":
                raise Unavailable(_UNAVAILABLE) from error
        except BotoCoreError as error:
            raise Unavailable(_UNAVAILABLE) from error

    def latest(self, tenant: TenantId) -> str | None:
        try:
            found = self._client.list_objects_v2(Bucket=self._bucket, Prefix=f"{tenant}/", MaxKeys=1).get("Contents")
            if not found:
                return None
            return self._client.get_object(Bucket=self._bucket, Key=found[0]["Key"])["Body"].read().decode()
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(_UNAVAILABLE) from error
