"""Short sessions at PostgreSQL servers that secrets name: bounded in time, and by what a secret may say."""

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from llm_config.adapters.targets.turns import members
from llm_config_domain.errors import TargetRefused, Unavailable
from llm_config_domain.secrets.values import Plaintext

CONNECT_SECONDS = 5
_BOUNDS = "-c statement_timeout=10s -c lock_timeout=5s -c idle_in_transaction_session_timeout=20s"
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


class Sessions:
    """`local` allows servers of this machine: where the home runs on its owner's, and nowhere else."""

    def __init__(self, *, local: bool = False) -> None:
        self._local = local

    @contextmanager
    def open(self, login: Plaintext) -> Iterator[psycopg.Connection[Any]]:
        """One transaction: committed at the end of the block. Raises TargetRefused, Unavailable; no text of the
        server's is passed on, which could hold a value."""
        try:
            with psycopg.connect(**self._parameters(login)) as session:
                yield session
        except psycopg.OperationalError:
            raise Unavailable("the database did not answer, or did not let us in") from None
        except psycopg.Error as error:
            raise TargetRefused(f"the database refused a statement (SQLSTATE {error.sqlstate or 'unknown'})") from None

    def logs_in(self, login: Plaintext, admin: Plaintext) -> bool:
        """Is `login` let in as itself? A server that lets `admin` in is there, and has refused: its message, which is in
        a language of its own, need not be read. Raises Unavailable."""
        username = members(login, "username")["username"]
        try:
            with psycopg.connect(**self._parameters(login)) as session:
                found = session.execute("SELECT current_user").fetchone()
                return found == (username,)
        except psycopg.Error:
            with self.open(admin):
                return False

    def _parameters(self, login: Plaintext) -> dict[str, Any]:
        """Of what a secret says, only these: libpq would also read files and services by name."""
        told = members(login, "host", "username", "password")
        options = told.get("options")
        mode = options.get("sslmode") if isinstance(options, dict) else None
        return {
            "host": self._host(told["host"]),
            "port": told.get("port", 5432),
            "dbname": told.get("database", told["username"]),
            "user": told["username"],
            "password": told["password"],
            "sslmode": mode if mode in _SSL_MODES else "prefer",
            "connect_timeout": CONNECT_SECONDS,
            "options": _BOUNDS,
            "application_name": "llm-config rotation",
            "passfile": "/dev/null",
            "sslcert": "",
            "sslkey": "",
        }

    def _host(self, host: str) -> str:
        if self._local:
            return host
        if host.startswith(("/", "@")) or "," in host or _is_this_machine(host):
            raise TargetRefused("the database's host is one name or address of another machine")
        return host


def _is_this_machine(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host.lower().rstrip(".") == "localhost"
    return address.is_loopback or address.is_link_local or address.is_unspecified
