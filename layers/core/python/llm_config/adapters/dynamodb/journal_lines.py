"""The journal's lines in DynamoDB: which there are, the tenants' rows and two indexes say."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from llm_config.adapters.dynamodb import keys, line_keys
from llm_config.adapters.dynamodb.items import Item
from llm_config.adapters.dynamodb.store import DynamoStore
from llm_config_domain.lines import Line, LineKind, LineRow, Place
from llm_config_domain.names import TenantId


class DynamoJournalLines:
    """Implements `journal_lines`."""

    def __init__(self, store: DynamoStore) -> None:
        self._store = store

    def tenants(self, after: str, limit: int) -> Sequence[TenantId]:
        listed = self._store.query("control", keys.listed_tenants_after(after), page=limit)
        return [TenantId(item["sk"]) for item in islice(listed, limit)]

    def lines(self, tenant: TenantId) -> Iterable[tuple[Line, int]]:
        """The tenant's own changes first: most others are about what these made."""
        own = self._store.get(keys.control_revision(tenant), strong=False)
        if own is not None:
            yield Line(tenant, LineKind.CONTROL), own["revision"]
        for kind in line_keys.LINES_IN:
            yield from self._of_namespaces(tenant, kind)

    def rows(self, line: Line, first: Place, limit: int) -> Sequence[LineRow]:
        found = self._store.query("journal", line_keys.rows_from(line, first), page=limit)
        return [_row(item) for item in islice(found, limit)]

    def _of_namespaces(self, tenant: TenantId, kind: LineKind) -> Iterator[tuple[Line, int]]:
        for item in self._store.listing(line_keys.LINES_IN[kind], keys.listed_lines(tenant, "", "")):
            yield Line(tenant, kind, item["listed"]), item["revision"]


def _row(item: Item) -> LineRow:
    """A row of an older release does not say what comes behind it: it is taken for the last of its revision."""
    return LineRow(line_keys.place_of(item["sk"]), item.get("rest", 0), item["entry"])
