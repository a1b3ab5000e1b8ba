from collections.abc import Sequence
from typing import Protocol

from llm_config_domain.names import Name
from llm_config_domain.rotation.evidence import Usage


class UsageReader(Protocol):
    """What services have reported of the versions that they use."""

    def of(self, name: Name, version_id: str) -> Sequence[Usage]:
        """What every service has reported of a version, at most a thousand of them; empty for a version that nobody
        reported. A strong read. Raises Unavailable."""
        ...
