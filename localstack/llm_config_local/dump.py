"""What a data directory holds, as JSON lines: for tests that look for leaks, and for people who want to see."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from llm_config_domain.events import cloud_event
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import TenantId, is_tenant_id
from llm_config_local.home import HomeError


def dump(directory: Path, what: str) -> Iterator[dict[str, Any]]:
    """`store`: every row of every table; `journal`: every entry; `events`: the CloudEvents made of the journal;
    `rotations`: where each stands, and its steps. Works beside a home that serves.
    """
    with _opened(directory) as db:
        if what == "rotations":
            yield from (
                json.loads(record) for (record,) in db.execute("SELECT record FROM rotations ORDER BY tenant, id")
            )
            return
        if what == "store":
            yield from _store(db)
            return
        for (text,) in db.execute("SELECT entry FROM journal ORDER BY sequence"):
            record = json.loads(text)
            told = record if what == "journal" else cloud_event(JournalEntry.from_record(record))
            if told is not None:
                yield told


def tenant_id(directory: Path, tenant: str) -> TenantId:
    """The id of a tenant by its id or name. Raises HomeError when there is none."""
    with _opened(directory) as db:
        column = "id" if is_tenant_id(tenant) else "name"
        row = db.execute(f"SELECT id FROM tenants WHERE {column} = ?", (tenant,)).fetchone()  # noqa: S608 - two words
    if row is None:
        raise HomeError("there is no such tenant: create it with POST /api/v1/tenants (llm-config tenant create)")
    return TenantId(row[0])


@contextmanager
def _opened(directory: Path) -> Iterator[sqlite3.Connection]:
    """The store, for reading: one consistent view of it. Raises HomeError when there is none."""
    try:
        with closing(sqlite3.connect(f"file:{(directory / 'store.sqlite').resolve()}?mode=ro", uri=True)) as db:
            db.execute("BEGIN")
            yield db
    except sqlite3.Error as error:
        raise HomeError(f"{directory} holds no store that can be read: serve it first") from error


def _store(db: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    db.row_factory = sqlite3.Row
    tables = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
    for table in tables:
        for row in db.execute(f"SELECT * FROM {table}"):  # noqa: S608 - the schema's own names
            yield {"table": table, **{column: _shown(row[column]) for column in row.keys()}}  # noqa: SIM118


def _shown(value: Any) -> Any:
    """Bytes as hex: a sealed value begins with 0204 78, the Encryption SDK's message format 2."""
    return value.hex() if isinstance(value, bytes) else value
