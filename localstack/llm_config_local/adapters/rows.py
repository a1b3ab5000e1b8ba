"""The rows that every transaction of the embedded store is made of."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from llm_config.ports.config_reader import Place
from llm_config_domain import times
from llm_config_domain.errors import Broken
from llm_config_domain.idempotency import KEPT_HOURS, Idempotency
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import Name, TenantId, glob_prefix
from llm_config_domain.tenants import Tenant, require_active

CONFIGS, SECRETS, CONTROL, ACCESSES = "N", "S", "C", "A"
_LAST = "~"
"""After every character of a name."""


def name_key(name: Name) -> tuple[str, str, str, str]:
    return name.tenant, name.namespace, name.key, name.environment


def tenant(db: sqlite3.Connection, tenant_id: TenantId) -> Tenant | None:
    row = db.execute("SELECT record FROM tenants WHERE id = ?", (tenant_id,)).fetchone()
    return Tenant.from_record(json.loads(row[0])) if row else None


def require_tenant(db: sqlite3.Connection, tenant_id: TenantId) -> Tenant:
    """Raises Unauthenticated when the tenant is not active."""
    return require_active(tenant(db, tenant_id))


def revision_of(db: sqlite3.Connection, tenant_id: TenantId, line: str, namespace: str) -> tuple[int, str | None]:
    """(revision, committed_at); (0, None) before the first change."""
    row = db.execute(
        "SELECT revision, committed_at FROM revisions WHERE tenant = ? AND line = ? AND namespace = ?",
        (tenant_id, line, namespace),
    ).fetchone()
    return (row[0], row[1]) if row else (0, None)


def advance(db: sqlite3.Connection, tenant_id: TenantId, line: str, namespace: str, now: datetime) -> tuple[int, str]:
    """The next revision of a line, and its stamp: later than the one before, whatever the clock says."""
    revision, previous = revision_of(db, tenant_id, line, namespace)
    stamp = times.after(now, previous)
    db.execute(
        "INSERT OR REPLACE INTO revisions VALUES (?, ?, ?, ?, ?)", (tenant_id, line, namespace, revision + 1, stamp)
    )
    return revision + 1, stamp


def add_change(
    db: sqlite3.Connection, entry: JournalEntry, line: str, namespace: str, revision: int, ordinal: int = 0
) -> None:
    db.execute(
        "INSERT INTO journal (id, tenant, line, namespace, revision, ordinal, entry) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (entry.id, entry.tenant, line, namespace, revision, ordinal, json.dumps(entry.to_record())),
    )


def committed_at(db: sqlite3.Connection, tenant_id: TenantId, line: str, namespace: str, revision: int) -> str:
    """When a revision of a line was written."""
    row = db.execute(
        "SELECT entry FROM journal WHERE tenant = ? AND line = ? AND namespace = ? AND revision = ? AND ordinal = 0",
        (tenant_id, line, namespace, revision),
    ).fetchone()
    if row is None:
        raise Broken("a change of this namespace has no record")
    return JournalEntry.from_record(json.loads(row[0])).at


def namespaces(glob: str) -> tuple[str, list[str]]:
    """(condition, parameters): the namespaces that `glob` means."""
    prefix = glob_prefix(glob)
    if prefix is None:
        return "namespace = ?", [glob]
    return "namespace >= ? AND namespace < ?", [prefix, prefix + _LAST]


def after_place(glob: str, after: Place | None) -> tuple[str, list[str]]:
    """(condition, parameters): the rows of the namespaces that `glob` means, after a (namespace, key, environment)."""
    condition, parameters = namespaces(glob)
    if glob_prefix(glob) is None:
        return f"{condition} AND (key, environment) > (?, ?)", [*parameters, *(after[1:] if after else ("", ""))]
    return f"{condition} AND (namespace, key, environment) > (?, ?, ?)", [*parameters, *(after or ("", "", ""))]


def add_accesses(db: sqlite3.Connection, entries: Sequence[JournalEntry]) -> None:
    db.executemany(
        "INSERT INTO journal (id, tenant, line, namespace, entry) VALUES (?, ?, ?, '', ?)",
        [(entry.id, entry.tenant, ACCESSES, json.dumps(entry.to_record())) for entry in entries],
    )


def earlier_result(db: sqlite3.Connection, idempotency: Idempotency | None, now: datetime) -> Any | None:
    """What this key was answered with. Raises IdempotencyMismatch when another request used it."""
    if idempotency is None:
        return None
    row = db.execute(
        "SELECT fingerprint, result FROM idempotency WHERE tenant = ? AND operation = ? AND key = ? AND expires_at > ?",
        (idempotency.tenant, idempotency.operation, idempotency.key, times.rfc3339(now)),
    ).fetchone()
    if row is None:
        return None
    idempotency.check(row[0])
    return json.loads(row[1])


def remember(db: sqlite3.Connection, idempotency: Idempotency | None, result: Any, now: datetime) -> None:
    """Keep the reference of a result for 24 hours; what is older goes."""
    if idempotency is None:
        return
    db.execute("DELETE FROM idempotency WHERE expires_at <= ?", (times.rfc3339(now),))
    expires_at = times.rfc3339(now + timedelta(hours=KEPT_HOURS))
    db.execute(
        "INSERT INTO idempotency VALUES (?, ?, ?, ?, ?, ?)",
        (
            idempotency.tenant,
            idempotency.operation,
            idempotency.key,
            idempotency.fingerprint(),
            json.dumps(result),
            expires_at,
        ),
    )
