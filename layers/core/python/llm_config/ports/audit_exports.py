from typing import Protocol

from llm_config_domain.audit.exports import ExportOrder, ExportPlace


class AuditExports(Protocol):
    """Exports that are too large for an answer: made behind it, and fetched from an address of their own for a day."""

    def ask(self, order: ExportOrder) -> ExportPlace:
        """Where the export will be. Until it is made, its address answers 404. When this returns, it will be made, once
        or twice; one that is made already is not made again. Raises Unavailable."""
        ...

    def put(self, order: ExportOrder, content: bytes) -> None:
        """The export is made. Again: no change. Raises Unavailable."""
        ...
