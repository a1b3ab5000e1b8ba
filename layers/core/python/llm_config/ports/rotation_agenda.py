from collections.abc import Sequence
from typing import Protocol

from llm_config_domain.rotation.agenda import Due


class RotationAgenda(Protocol):
    """What waits for its time, of every tenant. It is looked at by the product alone."""

    def due(self, until: str, limit: int) -> Sequence[Due]:
        """At most `limit` of what is due at `until` (RFC 3339) or before, the oldest first. What was due more than two
        days ago may be left out; a write may show a moment later on AWS. Raises Unavailable."""
        ...
