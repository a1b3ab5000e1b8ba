"""Writes that share a commit share nothing else: what one is refused for undoes that one."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from llm_config_domain.errors import Conflict, Unavailable
from llm_config_local.adapters.store import SqliteStore
from tests.support.processes import until

Job = Callable[[sqlite3.Connection], Any]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    opened = SqliteStore(tmp_path / "store.sqlite")
    yield opened
    opened.close()


def add(namespace: str, then: Callable[[], Any] = lambda: None) -> Job:
    """Write one row, then do what comes next."""

    def job(db: sqlite3.Connection) -> str:
        db.execute("INSERT INTO revisions VALUES ('t', 'N', ?, 1, '')", (namespace,))
        then()
        return namespace

    return job


def refuse() -> None:
    raise Conflict("no")


def fail() -> None:
    raise ZeroDivisionError


def together(store: SqliteStore, *jobs: Job) -> list[Any]:
    """What became of `jobs`, which all wait for the writer at once and so go into one commit."""
    busy, go_on = threading.Event(), threading.Event()

    def hold(db: sqlite3.Connection) -> None:
        busy.set()
        go_on.wait()

    def outcome(job: Job) -> Any:
        try:
            return store.write(job)
        except Exception as refused:  # whatever the store says to this writer is what the test compares
            return type(refused)

    with ThreadPoolExecutor(len(jobs) + 1) as threads:
        first = threads.submit(outcome, hold)
        busy.wait()
        asked = [threads.submit(outcome, job) for job in jobs]
        until(lambda: store.waiting == len(jobs), "the jobs do not wait for the writer")
        go_on.set()
        first.result()
        return [each.result() for each in asked]


def kept(store: SqliteStore) -> set[str]:
    with store.snapshot() as db:
        return {name for (name,) in db.execute("SELECT namespace FROM revisions")}


def test_a_refused_and_a_failing_write_undo_themselves_and_no_other(store: SqliteStore) -> None:
    outcomes = together(store, add("a"), add("refused", refuse), add("b"), add("failing", fail), add("c"))
    assert outcomes == ["a", Conflict, "b", ZeroDivisionError, "c"]
    assert kept(store) == {"a", "b", "c"}


def test_a_write_that_sqlite_refuses_undoes_itself_and_no_other(store: SqliteStore) -> None:
    store.write(add("taken"))
    outcomes = together(store, add("a"), add("taken"), add("refused", refuse), add("b"))
    assert outcomes == ["a", Unavailable, Conflict, "b"]
    assert kept(store) == {"taken", "a", "b"}


def test_a_group_goes_on_after_one_that_did_not_fit(store: SqliteStore) -> None:
    store.limit_pages(store.setting("page_count") + 1)

    def too_much(db: sqlite3.Connection) -> None:
        db.executemany("INSERT INTO revisions VALUES ('t', 'N', ?, 1, ?)", [(f"big-{n}", "x" * 500) for n in range(99)])

    outcomes = together(store, add("a"), too_much, add("b"))
    assert outcomes == ["a", Unavailable, "b"]
    assert kept(store) == {"a", "b"}
