"""Rows of the journal as those who follow it are given them: what the product wrote itself, read strictly."""

from typing import Any

from llm_config_contract.wire import Wire
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import PLATFORM


class RowActor(Wire):
    id: str
    type: str
    roles: tuple[str, ...]


class RowResource(Wire):
    type: str
    id: str
    environment: str | None


class RowResult(Wire):
    status: str
    latency_ms: int


class JournalRow(Wire):
    """`llm_config_domain.journal.JournalEntry`, field by field."""

    id: str
    at: str
    tenant: str
    event_type: str
    severity: str
    actor: RowActor
    action: str
    resource: RowResource
    result: RowResult
    request_id: str
    metadata: dict[str, Any]

    @property
    def entry(self) -> JournalEntry:
        return JournalEntry.from_record(self.model_dump())


class JournalBatch(Wire):
    """New rows, oldest first as far as whoever gives them knows. Each may come again, and after later ones."""

    entries: tuple[JournalRow, ...]


class Undelivered(Wire):
    """The ids of the rows of a batch that have to come again."""

    ids: tuple[str, ...] = ()


class Sweep(Wire):
    """Five minutes that have passed. The sweep is the platform's, and walks over every tenant."""

    tenant: str = PLATFORM


class Swept(Wire):
    """`brought`: how many rows were handed over; `ended`: whether the walk came to the last tenant."""

    brought: int
    ended: bool
