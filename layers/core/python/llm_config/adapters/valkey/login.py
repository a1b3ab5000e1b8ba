"""Logging in to ElastiCache by IAM: a signed address is the password, for a quarter of an hour."""

from typing import Any
from urllib.parse import urlencode

from redis.credentials import CredentialProvider

_SECONDS = 900


class IamLogin(CredentialProvider):
    """`signer` is a botocore RequestSigner of the service `elasticache`; `cache` names a serverless cache. What is signed
    is as "Authenticating with IAM" of the ElastiCache user guide says."""

    def __init__(self, signer: Any, cache: str, user: str) -> None:
        self._signer, self._cache, self._user = signer, cache, user

    def get_credentials(self) -> tuple[str, str]:
        asked = urlencode({"Action": "connect", "User": self._user, "ResourceType": "ServerlessCache"})
        request = {"method": "GET", "url": f"https://{self._cache}/?{asked}", "body": {}, "headers": {}, "context": {}}
        signed: str = self._signer.generate_presigned_url(request, operation_name="connect", expires_in=_SECONDS)
        return self._user, signed.removeprefix("https://")
