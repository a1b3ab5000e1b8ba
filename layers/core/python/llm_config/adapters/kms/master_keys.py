"""The tenants' KMS keys as the Encryption SDK takes them: one strict master key each, over one shared client.

The key's ARN is the one in the tenant's row, so a message under any other key is refused before KMS is asked.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from aws_encryption_sdk.exceptions import DecryptKeyError
from aws_encryption_sdk.key_providers.kms import KMSMasterKey
from botocore.exceptions import ClientError

from llm_config_domain.errors import Unavailable
from llm_config_domain.names import TenantId

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

_NOT_OPENED = frozenset({"InvalidCiphertextException", "IncorrectKeyException"})
"""KMS was there, and says that the wrapped data key is not what this key wrapped in this encryption context."""


class TenantMasterKey(KMSMasterKey):  # type: ignore[misc]  # the SDK has no types
    """Tells an outage of KMS from a refusal; the SDK reports both as a key that does not open."""

    def _decrypt_data_key(self, *message: Any, **more: Any) -> Any:
        try:
            return super()._decrypt_data_key(*message, **more)
        except DecryptKeyError as error:
            cause = error.__cause__
            if isinstance(cause, ClientError) and cause.response["Error"]["Code"] not in _NOT_OPENED:
                raise Unavailable("the tenant's encryption key cannot be used now") from error
            raise


def master_keys(client: "KMSClient", key_id_of: Callable[[TenantId], str]) -> Callable[[TenantId], KMSMasterKey]:
    """Tenant -> its master key. `key_id_of` gives the ARN in the tenant's row, which never changes."""

    @lru_cache(maxsize=1000)
    def master_key(tenant: TenantId) -> KMSMasterKey:
        return TenantMasterKey(key_id=key_id_of(tenant), client=client)

    return master_key
