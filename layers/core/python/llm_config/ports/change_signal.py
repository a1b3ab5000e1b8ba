from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from llm_config_domain.names import TenantId


class Heard(StrEnum):
    """What came of waiting."""

    CHANGED = "changed"
    NOTHING = "nothing"
    """The time is over."""
    FULL = "full"
    """Too many wait already: nobody waited."""


class ChangeSignal(Protocol):
    """Waiting until something is written."""

    def wait(self, tenant: TenantId, glob: str, known: Mapping[str, int], seconds: float) -> Heard:
        """CHANGED as soon as the configs of a namespace that `glob` means are further than `known` says (namespace ->
        revision; one that is not there is at 0), at once if they are already; NOTHING after `seconds`.

        It says that something was written, not what: who hears CHANGED looks into the feed, and may find that it was not
        for this reader. What is written between a look and the wait is heard. Raises Unauthenticated when the tenant is
        not active at the beginning, and Unavailable.
        """
        ...
