"""What must hold of the rows of an embedded store, whatever happened to it."""

import json
import sqlite3
from collections import Counter, defaultdict
from contextlib import closing
from pathlib import Path
from typing import Any

WRITE_A_VERSION = {
    "N": {"create", "update", "delete", "restore", "rollback"},
    "S": {"create", "update"},
}
"""The other changes of a secret move versions that are there."""


def check_directory(directory: Path) -> None:
    """`check_store` of the store that lies in this data directory; it may be served meanwhile."""
    with closing(sqlite3.connect(f"file:{directory / 'store.sqlite'}?mode=ro", uri=True)) as db:
        check_store(db)


def check_store(db: sqlite3.Connection) -> None:
    """Versions, heads, revisions and journal of the whole store agree; SQLite finds the file whole."""
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    recorded = changes(db)
    for kind, line in (("config", "N"), ("secret", "S")):
        versions: dict[tuple[str, ...], list[int]] = defaultdict(list)
        told = []
        for tenant, namespace, key, environment, version, record in db.execute(
            f"SELECT tenant, namespace, key, environment, version, record FROM {kind}_versions "
            "ORDER BY tenant, namespace, key, environment, version"
        ):
            revision = json.loads(record)["revision"]
            versions[tenant, namespace, key, environment].append(version)
            told.append((tenant, namespace, f"{namespace}/{key}", environment, version, revision))
        for held in versions.values():
            assert held == list(range(1, len(held) + 1))
        newest = "newest" if kind == "secret" else "version"
        heads = db.execute(f"SELECT tenant, namespace, key, environment, {newest} FROM {kind}_heads")
        assert {tuple(row[:4]): row[4] for row in heads} == {name: len(held) for name, held in versions.items()}
        revisions: dict[tuple[str, ...], set[int]] = defaultdict(set)
        for change in recorded[line]:
            revisions[change[:2]].add(change[5])
        for numbers in revisions.values():
            assert sorted(numbers) == list(range(1, len(numbers) + 1)), "a gap in the revisions"
        counters = db.execute("SELECT tenant, namespace, revision FROM revisions WHERE line = ?", (line,))
        assert {(t, n): r for t, n, r in counters} == {name: len(numbers) for name, numbers in revisions.items()}
        assert sorted(change[:6] for change in recorded[line] if change[6] in WRITE_A_VERSION[line]) == sorted(told)


def changes(db: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    """What the journal says was changed, by line; the row's own columns must say the same as the entry."""
    found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for line, tenant, namespace, revision, text in db.execute(
        "SELECT line, tenant, namespace, revision, entry FROM journal WHERE line IN ('N', 'S')"
    ):
        entry = json.loads(text)
        resource, metadata = entry["resource"], entry["metadata"]
        assert (entry["tenant"], metadata["revision"]) == (tenant, revision)
        place = (tenant, namespace, resource["id"], resource["environment"])
        found[line].append((*place, metadata["version"], metadata["revision"], metadata["change_type"]))
    return found


def check_reads(db: sqlite3.Connection, answered: set[str]) -> None:
    """Each answer that carried a secret has exactly one record (I3)."""
    records = Counter(
        json.loads(text)["request_id"]
        for (text,) in db.execute("SELECT entry FROM journal WHERE line = 'A'")
        if json.loads(text)["event_type"] == "secret.accessed"
    )
    assert {request_id: records[request_id] for request_id in answered} == dict.fromkeys(answered, 1)
