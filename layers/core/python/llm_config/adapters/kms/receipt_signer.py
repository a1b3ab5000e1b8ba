"""The deployment's key for receipts in KMS: another than the audit's, for every function may sign with it."""

from typing import TYPE_CHECKING

from llm_config.adapters.kms.edwards import EdwardsKey
from llm_config_domain.audit.receipts import Receipt
from llm_config_domain.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


class KmsReceiptSigner:
    """Implements `receipt_signer`."""

    def __init__(self, client: "KMSClient", key_id: str) -> None:
        self._key, self._is_named = EdwardsKey(client, key_id), bool(key_id)

    def sign(self, receipt: Receipt) -> str:
        if not self._is_named:
            raise Unavailable("this deployment gives no receipts: it has no audit")
        signature, der = self._key.sign(receipt.text.encode())
        return receipt.note(der[-self._key.RAW_BYTES :], signature)
