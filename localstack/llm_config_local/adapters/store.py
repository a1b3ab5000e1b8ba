"""One SQLite file: many readers, one writer thread with group commit.

WAL with `synchronous=FULL`: a commit is on disk before anybody hears of it. Writers that arrive while a commit is
being synced share the next one, each in a savepoint of its own, so a refused write undoes itself and nothing else.
"""

import queue
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from llm_config_domain.errors import Unavailable

T = TypeVar("T")
Job = Callable[[sqlite3.Connection], T]
MAX_GROUP = 64
LAYOUT = 2
"""Of the tables; raised when one of them changes."""
WRITE_TIMEOUT_SECONDS = 10
_TABLES = Path(__file__).with_name("tables.sql")
_LAID_OUT = "BEGIN IMMEDIATE; {tables}; PRAGMA user_version={layout}; COMMIT"
"""All tables or none, in one commit. Of a file that has them it changes nothing, but one that may only be read shows now and
not at the first write."""


class SqliteStore:
    """Raises Unavailable for everything that SQLite cannot do now: busy, full, read-only, broken."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._listeners: tuple[Callable[[], object], ...] = ()
        self._readers: deque[sqlite3.Connection] = deque()
        self._jobs: queue.SimpleQueue[tuple[Job[Any], Future[Any]] | None] = queue.SimpleQueue()
        with _translated():
            self._writer = self._connect()
            _check_layout(self._writer)
            self._writer.executescript(_LAID_OUT.format(tables=_TABLES.read_text(), layout=LAYOUT))
        self._thread = threading.Thread(target=self._serve, name="sqlite-writer", daemon=True)
        self._thread.start()

    def write(self, job: Job[T]) -> T:
        """Run `job` in a transaction; what it returns is returned once it is durable. What it raises undoes it."""
        done: Future[T] = Future()
        self._jobs.put((job, done))
        try:
            return done.result(WRITE_TIMEOUT_SECONDS)
        except FutureTimeout:
            raise Unavailable("the store did not answer in time") from None

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """One consistent view of everything committed before it began."""
        with _translated():
            db = self._reader()
            try:
                db.execute("BEGIN")
                yield db
            finally:
                db.rollback()
                self._readers.append(db)

    def when_committed(self, listener: Callable[[], object]) -> None:
        """Call `listener` after each commit from now on, by the writer's thread: it must be quick, and raise nothing."""
        self._listeners = (*self._listeners, listener)

    def limit_pages(self, pages: int) -> None:
        """The file may grow to `pages` pages (0: as far as the disk goes); a write that needs more is Unavailable."""
        self.write(lambda db: _pragma(db, f"max_page_count={pages or 0xFFFFFFFE}"))

    def setting(self, name: str) -> Any:
        """The writer's own value of a PRAGMA."""
        return self.write(lambda db: _pragma(db, name))

    @property
    def waiting(self) -> int:
        """How many writes the writer has not begun."""
        return self._jobs.qsize()

    def close(self) -> None:
        """Finish the writes that were accepted, then close."""
        self._jobs.put(None)
        self._thread.join()
        for db in [self._writer, *self._readers]:
            db.close()

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, timeout=5)
        _pragma(db, "journal_mode=WAL")
        _pragma(db, "synchronous=FULL")
        _pragma(db, "secure_delete=ON")
        return db

    def _reader(self) -> sqlite3.Connection:
        """One that rests, or a new one: there are as many as there were ever readers at once."""
        try:
            return self._readers.pop()
        except IndexError:
            db = self._connect()
            _pragma(db, "query_only=ON")
            return db

    def _serve(self) -> None:
        while (first := self._jobs.get()) is not None:
            group, last = [first], False
            while len(group) < MAX_GROUP and not self._jobs.empty():
                job = self._jobs.get()
                if job is None:
                    last = True
                    break
                group.append(job)
            self._commit(group)
            for listener in self._listeners:
                listener()
            if last:
                return

    def _commit(self, group: list[tuple[Job[Any], Future[Any]]]) -> None:
        """All of `group` in one commit; when SQLite refuses any of it, each alone, so that the refusal is its own."""
        try:
            outcomes = self._attempt(group)
        except sqlite3.Error as error:
            if len(group) > 1:
                for member in group:
                    self._commit([member])
                return
            outcomes = [_unavailable(error)]
        for (_, done), outcome in zip(group, outcomes, strict=True):
            if isinstance(outcome, BaseException):
                done.set_exception(outcome)
            else:
                done.set_result(outcome)

    def _attempt(self, group: list[tuple[Job[Any], Future[Any]]]) -> list[Any]:
        try:
            self._writer.execute("BEGIN IMMEDIATE")
            outcomes = [self._run(job) for job, _ in group]
            self._writer.execute("COMMIT")
        except sqlite3.Error:
            if self._writer.in_transaction:
                self._writer.rollback()
            raise
        return outcomes

    def _run(self, job: Job[Any]) -> Any:
        """What `job` returned, or what it raised, its own writes undone."""
        self._writer.execute("SAVEPOINT job")
        try:
            outcome = job(self._writer)
        except sqlite3.Error:
            raise
        except Exception as refused:  # handed to the thread that asked
            self._writer.execute("ROLLBACK TO job")
            outcome = refused
        self._writer.execute("RELEASE job")
        return outcome


def _check_layout(db: sqlite3.Connection) -> None:
    """Raises Unavailable for a file whose tables another version of this program made."""
    has_tables = db.execute("SELECT 1 FROM sqlite_schema WHERE type = 'table'").fetchone()
    if has_tables and _pragma(db, "user_version") != LAYOUT:
        raise Unavailable(
            "the data directory is of another version of this program: begin a new one, and import into it"
        )


def _pragma(db: sqlite3.Connection, text: str) -> Any:
    row = db.execute(f"PRAGMA {text}").fetchone()
    return row[0] if row else None


def _unavailable(error: sqlite3.Error) -> Unavailable:
    refusal = Unavailable("the store cannot take this now: it is full, read-only or busy")
    refusal.__cause__ = error
    return refusal


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise _unavailable(error) from error
