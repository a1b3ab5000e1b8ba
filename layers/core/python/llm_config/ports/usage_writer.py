from typing import Protocol

from llm_config_domain.names import Name
from llm_config_domain.rotation.evidence import Usage


class UsageWriter(Protocol):
    """What services report of the versions that they use: counters, which may lose nothing and need no history."""

    def add(self, name: Name, report: Usage) -> None:
        """Add to what its service has reported of its version. Raises Contended, Unavailable."""
        ...
