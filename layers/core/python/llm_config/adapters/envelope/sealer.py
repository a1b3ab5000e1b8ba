"""Sealing: one new data key a value."""

from collections.abc import Callable

from aws_encryption_sdk.exceptions import AWSEncryptionSDKClientError
from aws_encryption_sdk.key_providers.base import MasterKeyProvider
from botocore.exceptions import BotoCoreError, ClientError

from llm_config.adapters.envelope.sdk import SUITE, client
from llm_config_domain.errors import Unavailable
from llm_config_domain.names import Name, TenantId
from llm_config_domain.secrets.values import Plaintext, Sealed, binding


class EnvelopeSealer:
    """`keys_of` gives the master key provider of a tenant."""

    def __init__(self, keys_of: Callable[[TenantId], MasterKeyProvider]) -> None:
        self._keys_of = keys_of

    def seal(self, name: Name, version: int, plaintext: Plaintext) -> Sealed:
        try:
            blob, _ = client().encrypt(
                source=plaintext.reveal,
                key_provider=self._keys_of(name.tenant),
                encryption_context=binding(name, version),
                algorithm=SUITE,
            )
        except (AWSEncryptionSDKClientError, ClientError, BotoCoreError) as error:
            raise Unavailable("the tenant's encryption key cannot be used now") from error
        return Sealed(blob)
