"""Two users of a real PostgreSQL take turns under readers that log in all the while, and every step is killed once."""

import itertools
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.rotation.running import ENVIRONMENT, Running
from tests.rotation.test_kills import STEPS
from tests.rotation.test_runs import ZERO
from tests.support.guarded_postgres import connected, served_postgres

LOGIN = f"/api/v1/secrets/db/login?environment={ENVIRONMENT}"
ADMIN = LOGIN.replace("login?", "admin?")
READERS = 3
YEAR = 365 * 24 * 3600


@dataclass
class Readers:
    """Each reads the secret, logs in with what it says, and begins again."""

    run: Running
    rounds: list[int] = field(default_factory=lambda: [0] * READERS)
    failed: list[str] = field(default_factory=list)
    users: set[str] = field(default_factory=set)
    over: threading.Event = field(default_factory=threading.Event)
    moved: threading.Condition = field(default_factory=threading.Condition)

    def __enter__(self) -> "Readers":
        token = self.run.kit.token(self.run.tenant, "tenant-admin", ttl=YEAR)
        self.threads = [threading.Thread(target=self._read, args=(place, token)) for place in range(READERS)]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(30)

    def _read(self, place: int, token: str) -> None:
        while not self.over.is_set():
            try:
                login = self.run.kit.call("GET", LOGIN, token=token).json["value"]
                with connected(login) as session:
                    row = session.execute("SELECT current_user").fetchone()
                self.users.add(row[0] if row else "nobody")
            except (psycopg.Error, KeyError) as error:
                self.failed.append(type(error).__name__)
            with self.moved:
                self.rounds[place] += 1
                self.moved.notify_all()

    def come_round(self) -> None:
        """A grace that is as long as the slowest reader: each has begun a read since, and ended it."""
        with self.moved:
            reached = [count + 2 for count in self.rounds]
            assert self.moved.wait_for(lambda: all(map(int.__ge__, self.rounds, reached)), 30)


@pytest.fixture
def admin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    with served_postgres(tmp_path_factory.mktemp("rotated")) as login:
        yield login


@pytest.fixture
def rotating(run: Running, admin: dict[str, Any]) -> Running:
    """A home that holds the login of a user whose rights are a role's."""
    run.use_real_targets()
    with connected(admin) as session:
        for statement in ("CREATE ROLE app_rights", "CREATE ROLE app LOGIN PASSWORD 'first' IN ROLE app_rights"):
            session.execute(sql.SQL(statement))
    run.ask("PUT", ADMIN, {"type": "database_credentials", "value": {"engine": "postgres", **admin}}, 201)
    login = {"engine": "postgres", **admin, "username": "app", "password": "first"}
    target = {"kind": "postgres", "admin": "db/admin"}
    run.ask("PUT", LOGIN, {"type": "database_credentials", "value": login, "rotation": {"target": target}}, 201)
    return run


def rotated(run: Running, readers: Readers) -> None:
    run.dead.clear()
    run.meanwhile["retire_predecessor"] = readers.come_round
    rotation_id = run.ask("POST", LOGIN.replace("/secrets/", "/rotations/"), ZERO, 202)["rotation_id"]
    run.rest()
    if run.dead:
        run.meanwhile["retire_predecessor"] = readers.come_round
        run.revive()
    assert run.view(rotation_id)["status"] == "completed"


def lets_in(login: dict[str, Any]) -> bool:
    try:
        connected(login).close()
    except psycopg.OperationalError:
        return False
    return True


def test_no_read_fails_while_users_take_turns_and_every_step_dies_before_and_after_it(
    rotating: Running, tmp_path: Path
) -> None:
    logins = [rotating.ask("GET", LOGIN)["value"]]
    with Readers(rotating) as readers:
        for when, step in itertools.product(("", "before", "after"), STEPS):
            rotating.killed = {step: when} if when else {}
            rotated(rotating, readers)
            logins.append(rotating.ask("GET", LOGIN)["value"])
            assert [lets_in(login) for login in logins[-2:]] == [False, True]
        readers.come_round()
    assert readers.failed == []
    assert readers.users == {"app", "app_a", "app_b"}
    assert [login["username"] for login in logins[:4]] == ["app", "app_b", "app_a", "app_b"]
    assert len({login["password"] for login in logins}) == len(logins) == 3 * len(STEPS) + 1
