"""The journal's lines in the embedded store: those that have a revision."""

from collections.abc import Iterable, Sequence

from llm_config_domain.lines import Line, LineKind, LineRow, Place
from llm_config_domain.names import TenantId
from llm_config_local.adapters.store import SqliteStore

REST = """(
    SELECT count(*) FROM journal AS later
    WHERE later.tenant = journal.tenant AND later.line = journal.line AND later.namespace = journal.namespace
        AND later.revision = journal.revision AND later.ordinal > journal.ordinal
)"""
"""How many rows of its revision come behind a row of the journal."""
_ROWS = f"""
    SELECT revision, ordinal, {REST}, entry FROM journal
    WHERE tenant = ? AND line = ? AND namespace = ? AND (revision, ordinal) >= (?, ?)
    ORDER BY revision, ordinal LIMIT ?
"""  # noqa: S608 - ours


class SqliteJournalLines:
    """Implements `journal_lines`."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    def tenants(self, after: str, limit: int) -> Sequence[TenantId]:
        with self._store.snapshot() as db:
            rows = db.execute("SELECT id FROM tenants WHERE id > ? ORDER BY id LIMIT ?", (after, limit)).fetchall()
        return [TenantId(found) for (found,) in rows]

    def lines(self, tenant: TenantId) -> Iterable[tuple[Line, int]]:
        with self._store.snapshot() as db:
            query = "SELECT line, namespace, revision FROM revisions WHERE tenant = ?"
            rows = db.execute(query, (tenant,)).fetchall()
        return [(Line(tenant, LineKind(kind), namespace), revision) for kind, namespace, revision in rows]

    def rows(self, line: Line, first: Place, limit: int) -> Sequence[LineRow]:
        asked = (line.tenant, line.kind, line.namespace, first.revision, first.ordinal, limit)
        with self._store.snapshot() as db:
            rows = db.execute(_ROWS, asked).fetchall()
        return [LineRow(Place(revision, ordinal), rest, entry) for revision, ordinal, rest, entry in rows]
