"""The database's shape: numbered files of SQL, each applied once, in order, in a transaction of its own."""

from datetime import datetime
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psycopg import Connection

MONTHS_AHEAD = 14
_LOCK = 7_203_911
"""Any number, the same each time: two that migrate at once wait for each other."""


def migrate(connection: "Connection[tuple[object, ...]]", now: datetime) -> list[str]:
    """The names of what was applied now. `connection` is the owner's, and commits by itself. Raises psycopg.Error; then
    what was applied before the failing file stays."""
    connection.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
    try:
        connection.execute("CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, at timestamptz NOT NULL)")
        known = {row[0] for row in connection.execute("SELECT name FROM migrations")}
        new = [name for name in sorted(_all()) if name not in known]
        for name in new:
            with connection.transaction():
                connection.execute(_all()[name].encode())
                connection.execute("INSERT INTO migrations VALUES (%s, %s)", (name, now))
        connection.execute("SELECT audit_make_months(%s, %s)", (now.date(), MONTHS_AHEAD))
        return new
    finally:
        connection.execute("SELECT pg_advisory_unlock(%s)", (_LOCK,))


def _all() -> dict[str, str]:
    """{name: SQL}."""
    found = files("llm_config.adapters.postgres").joinpath("migrations")
    return {file.name: file.read_text() for file in found.iterdir() if file.name.endswith(".sql")}
