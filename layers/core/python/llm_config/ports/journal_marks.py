from collections.abc import Mapping
from typing import Protocol

from llm_config_domain.lines import Done, Line, Mark, Place
from llm_config_domain.names import TenantId


class JournalMarks(Protocol):
    """How far each consumer of the journal has followed each line. A line without a mark was followed nowhere yet. Every
    method raises Unavailable."""

    def of(self, consumer: str, tenant: TenantId) -> Mapping[Line, Mark]:
        """The marks of a consumer on the lines of a tenant."""
        ...

    def move(self, consumer: str, done: Mapping[Line, Done]) -> None:
        """Move the consumer's marks as `Mark.after` says, each by compare-and-set: two at once lose nothing.

        Of several lines some may have moved when it raises. A mark that stays where it was does no harm: what is behind
        it is brought again.
        """
        ...

    def begin(self, consumer: str, places: Mapping[Line, Place]) -> None:
        """Put the consumer's marks to these places, forwards or back, with nothing put aside. Raises Contended when
        somebody moves one of them all the time."""
        ...

    def stopped_at(self, consumer: str) -> str:
        """The tenant behind which the next walk of this consumer's sweep begins; empty: at the first one."""
        ...

    def stop_at(self, consumer: str, tenant: str) -> None:
        """Two walks at once may each keep their own: the last stands."""
        ...
