from collections.abc import Sequence
from typing import Protocol

from llm_config_domain.journal import JournalEntry
from llm_config_domain.secrets.expiry import Ending


class SecretExpiries(Protocol):
    """The ends of versions of secrets, of every tenant. A version that is written with an end is watched from its own
    transaction on. It is looked at by the product alone."""

    def due(self, until: str, limit: int) -> Sequence[Ending]:
        """At most `limit` of what is to be looked at until `until` (RFC 3339), the oldest first. What was due more than
        forty days ago may be left out; a write may show a moment later on AWS. Raises Unavailable."""
        ...

    def look(self, ending: Ending, *, entry: JournalEntry) -> str | None:
        """Look at one version, by `Watch.after`. What is told is told in one transaction with its journal entry, whose
        type is returned: each of a version's moments once, however often it is looked at. Raises Unauthenticated when
        the tenant is not active, Contended, Unavailable."""
        ...
