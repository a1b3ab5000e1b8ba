"""Values that are too large for a row: one object each, named by tenant and content, so a second put changes nothing."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from llm_config_domain.errors import Broken, Unavailable
from llm_config_domain.names import TenantId

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class S3LargeValues:
    """Implements `large_values`: objects `<tenant>/<sha256>`.

    `client` is asked at the first large value: most functions of most deployments never see one.
    """

    def __init__(self, client: "Callable[[], S3Client]", bucket: str) -> None:
        self._client, self._bucket = client, bucket

    def put(self, tenant: TenantId, content: bytes) -> str:
        reference = hashlib.sha256(content).hexdigest()
        try:
            self._client().put_object(Bucket=self._bucket, Key=f"{tenant}/{reference}", Body=content)
        except (ClientError, BotoCoreError) as error:
            raise Unavailable("the store of large values does not answer") from error
        return reference

    def get(self, tenant: TenantId, reference: str) -> bytes:
        try:
            answer = self._client().get_object(Bucket=self._bucket, Key=f"{tenant}/{reference}")
            content = answer["Body"].read()
        except self._client().exceptions.NoSuchKey as error:
            raise Broken("a stored value is gone") from error
        except (ClientError, BotoCoreError) as error:
            raise Unavailable("the store of large values does not answer") from error
        if hashlib.sha256(content).hexdigest() != reference:
            raise Broken("a stored value was changed and was not released")
        return content

    def delete(self, tenant: TenantId, reference: str) -> None:
        try:
            pages = self._client().get_paginator("list_object_versions")
            for page in pages.paginate(Bucket=self._bucket, Prefix=f"{tenant}/{reference}"):
                self._erase([*page.get("Versions", []), *page.get("DeleteMarkers", [])])
        except (ClientError, BotoCoreError) as error:
            raise Unavailable("the store of large values does not answer") from error

    def _erase(self, versions: Sequence[Mapping[str, Any]]) -> None:
        """One by one: a bucket that keeps versions would hide what a plain deletion names, and not erase it."""
        if not versions:
            return
        named: Any = [{"Key": version["Key"], "VersionId": version["VersionId"]} for version in versions]
        told = self._client().delete_objects(Bucket=self._bucket, Delete={"Objects": named, "Quiet": True})
        if told.get("Errors"):
            raise Unavailable("the store of large values did not delete all of it")
