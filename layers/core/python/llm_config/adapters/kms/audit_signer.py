"""The deployment's audit key in KMS (`ECC_NIST_EDWARDS25519`, `SIGN_VERIFY`): it signs there, and nobody ever has it."""

import base64
from functools import cached_property
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from llm_config_domain.audit.checkpoints import Checkpoint, Signed
from llm_config_domain.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

_RAW_BYTES = 32
_LINE = 64


class KmsAuditSigner:
    """Implements `audit_signer`. KMS signs the message itself, as RFC 8032 has it (`ED25519_SHA_512`, `RAW`)."""

    def __init__(self, client: "KMSClient", key_id: str) -> None:
        self._client, self._key_id = client, key_id

    def sign(self, checkpoint: Checkpoint) -> Signed:
        if not self._key_id:
            raise Unavailable("this deployment signs no checkpoints: name the audit's KMS key")
        try:
            answer = self._client.sign(
                KeyId=self._key_id,
                Message=checkpoint.text.encode(),
                MessageType="RAW",
                SigningAlgorithm="ED25519_SHA_512",
            )
            return Signed(checkpoint, answer["Signature"], self._public[-_RAW_BYTES:], _pem(self._public))
        except (ClientError, BotoCoreError) as error:
            raise Unavailable("the checkpoint cannot be signed now") from error

    @cached_property
    def _public(self) -> bytes:
        """In DER (RFC 8410): the key's 32 bytes are its last."""
        return self._client.get_public_key(KeyId=self._key_id)["PublicKey"]


def _pem(der: bytes) -> str:
    text = base64.b64encode(der).decode()
    lines = [text[at : at + _LINE] for at in range(0, len(text), _LINE)]
    return "\n".join(["-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----", ""])
