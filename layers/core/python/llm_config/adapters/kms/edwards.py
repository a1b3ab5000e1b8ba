"""A key in KMS (`ECC_NIST_EDWARDS25519`, `SIGN_VERIFY`): it signs there, and nobody ever has it."""

from functools import cached_property
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from llm_config_domain.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


class EdwardsKey:
    """KMS signs the message itself, as RFC 8032 has it (`ED25519_SHA_512`, `RAW`)."""

    RAW_BYTES = 32

    def __init__(self, client: "KMSClient", key_id: str) -> None:
        self._client, self._key_id = client, key_id

    def sign(self, message: bytes) -> tuple[bytes, bytes]:
        """(signature, the public key in DER). Raises Unavailable."""
        try:
            answer = self._client.sign(
                KeyId=self._key_id, Message=message, MessageType="RAW", SigningAlgorithm="ED25519_SHA_512"
            )
            return answer["Signature"], self._public
        except (ClientError, BotoCoreError) as error:
            raise Unavailable("nothing can be signed now") from error

    @cached_property
    def _public(self) -> bytes:
        """In DER (RFC 8410): the key's 32 bytes are its last."""
        return self._client.get_public_key(KeyId=self._key_id)["PublicKey"]
