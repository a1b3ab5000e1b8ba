"""The deployment's audit key in KMS (`ECC_NIST_EDWARDS25519`, `SIGN_VERIFY`): it signs there, and nobody ever has it."""

import base64
from typing import TYPE_CHECKING

from llm_config.adapters.kms.edwards import EdwardsKey
from llm_config_domain.audit.checkpoints import Checkpoint, Signed
from llm_config_domain.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

_LINE = 64


class KmsAuditSigner:
    """Implements `audit_signer`."""

    def __init__(self, client: "KMSClient", key_id: str) -> None:
        self._key, self._is_named = EdwardsKey(client, key_id), bool(key_id)

    def sign(self, checkpoint: Checkpoint) -> Signed:
        if not self._is_named:
            raise Unavailable("this deployment signs no checkpoints: name the audit's KMS key")
        signature, public = self._key.sign(checkpoint.text.encode())
        return Signed(checkpoint, signature, public[-self._key.RAW_BYTES :], _pem(public))


def _pem(der: bytes) -> str:
    text = base64.b64encode(der).decode()
    lines = [text[at : at + _LINE] for at in range(0, len(text), _LINE)]
    return "\n".join(["-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----", ""])
