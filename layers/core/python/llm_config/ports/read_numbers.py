from collections.abc import Mapping, Sequence
from typing import Protocol

from llm_config_domain.audit.numbers import Gap


class ReadNumbers(Protocol):
    """Which numbers of the containers' accesses have come (`access_log` numbers them), in any order and more than once.
    Moments are RFC 3339. Raises Unavailable."""

    def hear(self, container: str, came: Mapping[int, str], at: str) -> None:
        """These numbers of a container, each with the moment of its access, came at `at`. Of several who tell of one
        container at once nobody undoes what another said."""
        ...

    def overdue(self, until: str, most: int) -> Sequence[Gap]:
        """Gaps behind which a later number came by `until`, the oldest first. From now on each stays as it is, whatever
        still comes of it, and is told again each time until it was `told`: so its id is one for ever."""
        ...

    def told(self, gaps: Sequence[Gap]) -> None:
        """They are on record, and no gaps any more."""
        ...

    def forget(self, before: str) -> None:
        """Forget the containers that nothing was heard of since, but not one with a gap that is still to be told."""
        ...
