"""Unsealing: the message's own context is compared with the name that was asked for before anything is decrypted."""

import io
from collections.abc import Callable

from aws_encryption_sdk.caches.local import LocalCryptoMaterialsCache
from aws_encryption_sdk.exceptions import AWSEncryptionSDKClientError, DecryptKeyError
from aws_encryption_sdk.key_providers.base import MasterKeyProvider
from aws_encryption_sdk.materials_managers.caching import CachingCryptoMaterialsManager
from botocore.exceptions import BotoCoreError, ClientError
from cryptography.exceptions import InvalidTag

from llm_config.adapters.envelope.sdk import client
from llm_config_domain.errors import Broken, Unavailable
from llm_config_domain.names import Name, TenantId
from llm_config_domain.secrets.values import Plaintext, Sealed, check_binding

MAX_AGE_SECONDS = 300
MAX_DATA_KEYS = 10_000


class EnvelopeUnsealer:
    """Data keys are kept for five minutes, each under its whole encryption context, so a hit skips no check."""

    def __init__(self, keys_of: Callable[[TenantId], MasterKeyProvider]) -> None:
        self._keys_of = keys_of
        self._cache = LocalCryptoMaterialsCache(capacity=MAX_DATA_KEYS)

    def unseal(self, name: Name, version: int, sealed: Sealed) -> Plaintext:
        try:
            return self._opened(name, version, sealed)
        except DecryptKeyError as error:
            raise _refusal(error) from error
        except (AWSEncryptionSDKClientError, InvalidTag, ValueError) as error:
            raise Broken("a sealed value was changed and was not opened") from error
        except (ClientError, BotoCoreError) as error:
            raise Unavailable("the tenant's encryption key cannot be used now") from error

    def _opened(self, name: Name, version: int, sealed: Sealed) -> Plaintext:
        """The header is authenticated and compared first: under a wrong name no plaintext ever comes to be."""
        stream = client().stream(mode="d", source=sealed.blob, materials_manager=self._materials(name.tenant))
        try:
            check_binding(name, version, stream.header.encryption_context)
            plaintext = stream.read()
            stream.close()  # raises when the message's end was not seen
            return Plaintext(plaintext)
        finally:
            # The SDK's close raises for a message that was refused, and the interpreter would call it once more.
            io.IOBase.close(stream)

    def _materials(self, tenant: TenantId) -> CachingCryptoMaterialsManager:
        return CachingCryptoMaterialsManager(
            master_key_provider=self._keys_of(tenant),
            cache=self._cache,
            max_age=float(MAX_AGE_SECONDS),
            partition_name=tenant,
        )


def _refusal(error: DecryptKeyError) -> Broken | Unavailable:
    """No key opened it. With the key service silent that is an outage; else the message is not this tenant's."""
    causes = []
    cause: BaseException | None = error
    while cause is not None:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    if any(isinstance(cause, ClientError | BotoCoreError | Unavailable) for cause in causes):
        return Unavailable("the tenant's encryption key cannot be used now")
    return Broken("a sealed value is not under this tenant's key and was not opened")
