from typing import Protocol

from llm_config_domain.audit.checkpoints import Signed
from llm_config_domain.names import TenantId


class AuditCheckpoints(Protocol):
    """Where signed checkpoints are published: apart from the store whose tree they are of, and never changed there."""

    def publish(self, tenant: TenantId, signed: Signed) -> None:
        """Keep the note, for as long as entries are kept. Again: no change. Raises Unavailable."""
        ...

    def latest(self, tenant: TenantId) -> str | None:
        """The note of the largest tree that was published. Raises Unavailable."""
        ...
