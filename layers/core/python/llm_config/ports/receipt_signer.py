from typing import Protocol

from llm_config_domain.audit.receipts import Receipt


class ReceiptSigner(Protocol):
    def sign(self, receipt: Receipt) -> str:
        """The signed note of `receipt`, under this deployment's Ed25519 key for receipts, which signs nothing else. The same
        receipt has the same note each time (RFC 8032). Raises Unavailable."""
        ...
