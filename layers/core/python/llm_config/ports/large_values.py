from typing import Protocol

from llm_config_domain.names import TenantId


class LargeValues(Protocol):
    """Where a store keeps what is too large for its rows; a port of the AWS family's stores, not of operations.

    The embedded store has no such limit, so nobody asks its family for this.
    """

    def put(self, tenant: TenantId, content: bytes) -> str:
        """Keep `content`, durable when it returns; its reference is its SHA-256. Again: the same reference.

        Raises Unavailable.
        """
        ...

    def get(self, tenant: TenantId, reference: str) -> bytes:
        """What was put under this reference for this tenant.

        Raises Broken when it is not there or not what was put, Unavailable.
        """
        ...

    def delete(self, tenant: TenantId, reference: str) -> None:
        """Nothing is kept under this reference any more; again is the same. Raises Unavailable."""
        ...
