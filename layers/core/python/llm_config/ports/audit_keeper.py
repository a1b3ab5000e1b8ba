from collections.abc import Sequence
from datetime import date
from typing import Protocol


class AuditKeeper(Protocol):
    """The shape of the audit's store, and how long it keeps entries. Hashes of trees are never dropped. Each method may be
    called again at any time, by several at once, and finds what is left to do. Raises Unavailable."""

    def migrate(self) -> Sequence[str]:
        """The names of the migrations that were applied now, in their order; those before them were applied already.
        What fails leaves the ones before it applied."""
        ...

    def make_months(self, first: date, months: int) -> Sequence[str]:
        """Make room for the entries of so many months from that of `first` on; which of them (`2026-11`) had none."""
        ...

    def archive(self, before: date, most: int) -> Sequence[str]:
        """Copy the entries of every month that had ended by `before` to where they are kept for years: at most `most`
        pieces now, whose names it tells."""
        ...

    def drop(self, before: date) -> Sequence[str]:
        """Let go of the entries of the months (`2026-11`) that had ended by `before`, if all of them were archived.
        From then on a reader refuses to answer about such a time."""
        ...
