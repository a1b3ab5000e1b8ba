"""A home keeps its audit in its one store file, whose tables are made when it is opened: there is nothing to keep up."""

from collections.abc import Sequence
from datetime import date


class StoreAuditKeeper:
    """Implements `audit_keeper`. A home answers about everything that it ever recorded."""

    def migrate(self) -> Sequence[str]:
        return ()

    def make_months(self, first: date, months: int) -> Sequence[str]:
        return ()

    def archive(self, before: date, most: int) -> Sequence[str]:
        return ()

    def drop(self, before: date) -> Sequence[str]:
        return ()
