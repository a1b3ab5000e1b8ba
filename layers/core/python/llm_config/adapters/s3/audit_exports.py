"""Large exports in S3, fetched by presigned URL; a queue brings what is asked for to the function that makes it."""

import json
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from llm_config.ports.clock import Clock
from llm_config_domain import times
from llm_config_domain.audit.exports import URL_SECONDS, ExportOrder, ExportPlace
from llm_config_domain.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_UNAVAILABLE = "large exports cannot be made now"


class S3AuditExports:
    """Implements `audit_exports`: objects `exports/<tenant>/<export id>.json`, which the bucket forgets after a day."""

    def __init__(self, s3: "S3Client", sqs: Any, bucket: str, queue: str, clock: Clock) -> None:
        self._s3, self._sqs, self._bucket, self._queue, self._clock = s3, sqs, bucket, queue, clock

    def ask(self, order: ExportOrder) -> ExportPlace:
        try:
            made = self._is_made(order)
            if not made:
                self._sqs.send_message(QueueUrl=self._queue, MessageBody=json.dumps(order.to_record()))
            where = {"Bucket": self._bucket, "Key": _key(order)}
            url = self._s3.generate_presigned_url("get_object", Params=where, ExpiresIn=URL_SECONDS)
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(_UNAVAILABLE) from error
        return ExportPlace(url, times.rfc3339(times.later(self._clock.now(), URL_SECONDS)), made)

    def put(self, order: ExportOrder, content: bytes) -> None:
        try:
            self._s3.put_object(Bucket=self._bucket, Key=_key(order), Body=content, ContentType="application/json")
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(_UNAVAILABLE) from error

    def _is_made(self, order: ExportOrder) -> bool:
        try:
            self._s3.head_object(Bucket=self._bucket, Key=_key(order))
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in ("404", "NoSuchKey"):
                return False
            raise
        return True


def _key(order: ExportOrder) -> str:
    return f"exports/{order.tenant}/{order.export_id}.json"
