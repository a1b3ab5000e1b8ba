"""One connection a container, opened at its first use, and again when it was lost; each piece of work in a transaction
that sees one tenant's rows."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from llm_config_domain.errors import Unavailable
from llm_config_domain.names import TenantId

if TYPE_CHECKING:
    from psycopg import Connection

T = TypeVar("T")
CONNECT_SECONDS = 3
TIMEOUTS = "-c statement_timeout=5000 -c lock_timeout=3000 -c idle_in_transaction_session_timeout=10000"


class Database:
    """`address` gives psycopg's connection string, with a password that may be of the minute. Raises Unavailable."""

    def __init__(self, address: Callable[[], str]) -> None:
        self._address = address
        self._open: Connection[tuple[Any, ...]] | None = None
        self._lock = threading.Lock()

    def run(self, tenant: TenantId, work: "Callable[[Connection[tuple[Any, ...]]], T]") -> T:
        """What `work` returns, committed. A connection that was lost before anything was committed is opened again once;
        `work` must bear to run twice."""
        import psycopg

        with self._lock:
            try:
                return self._run(tenant, work)
            except psycopg.OperationalError:
                self._forget()
            with _translated():
                return self._run(tenant, work)

    def close(self) -> None:
        with self._lock:
            self._forget()

    def _run(self, tenant: TenantId, work: "Callable[[Connection[tuple[Any, ...]]], T]") -> T:
        with _translated(but_lost=True):
            connection = self._connection()
            with connection.transaction():
                connection.execute("SELECT set_config('app.tenant_id', %s, true)", (tenant,))
                return work(connection)

    def _connection(self) -> "Connection[tuple[Any, ...]]":
        import psycopg

        if self._open is None or self._open.closed:
            self._open = psycopg.connect(
                self._address(),
                autocommit=True,
                connect_timeout=CONNECT_SECONDS,
                prepare_threshold=None,
                options=TIMEOUTS,
            )
        return self._open

    def _forget(self) -> None:
        if self._open is not None:
            self._open.close()
        self._open = None


@contextmanager
def _translated(*, but_lost: bool = False) -> Iterator[None]:
    import psycopg

    try:
        yield
    except psycopg.Error as error:
        if but_lost and isinstance(error, psycopg.OperationalError):
            raise
        raise Unavailable("the audit's database cannot take this now") from error
