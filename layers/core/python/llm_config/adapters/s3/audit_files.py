"""What the audit keeps beside its database: pieces of its archive, and exports that are too large for an answer."""

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from llm_config_domain.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class S3AuditFiles:
    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client, self._bucket = client, bucket

    def put(self, name: str, content: bytes) -> None:
        """Again: the same content in its place. Raises Unavailable."""
        try:
            self._client.put_object(Bucket=self._bucket, Key=name, Body=content)
        except (ClientError, BotoCoreError) as error:
            raise Unavailable("the audit's files do not answer") from error
