"""Two users of a real PostgreSQL take turns under readers that log in all the while, and every step is killed once, or
a random one each time."""

import itertools
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.rotation.running import ENVIRONMENT, Running
from tests.rotation.test_kills import STEPS
from tests.rotation.test_runs import ZERO
from tests.support.guarded_postgres import connected, lets_in

LOGIN = f"/api/v1/secrets/db/login?environment={ENVIRONMENT}"
ADMIN = LOGIN.replace("login?", "admin?")
READERS = 3
MANY_READERS, MANY_ROTATIONS = 8, 100
YEAR = 365 * 24 * 3600


@dataclass
class Readers:
    """Each reads the secret, logs in with what it says, and begins again. `unread` are reads that failed, `unauthorised`
    logins that the database refused."""

    run: Running
    count: int = READERS
    rounds: list[int] = field(init=False)
    unread: list[str] = field(default_factory=list)
    unauthorised: list[str] = field(default_factory=list)
    users: set[str] = field(default_factory=set)
    over: threading.Event = field(default_factory=threading.Event)
    moved: threading.Condition = field(default_factory=threading.Condition)

    def __post_init__(self) -> None:
        self.rounds = [0] * self.count

    def __enter__(self) -> "Readers":
        token = self.run.kit.token(self.run.tenant, "tenant-admin", ttl=YEAR)
        self.threads = [threading.Thread(target=self._read, args=(place, token)) for place in range(self.count)]
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
            except KeyError as error:
                self.unread.append(type(error).__name__)
            except psycopg.Error as error:
                self.unauthorised.append(type(error).__name__)
            with self.moved:
                self.rounds[place] += 1
                self.moved.notify_all()

    def come_round(self) -> None:
        """A grace that is as long as the slowest reader: each has begun a read since, and ended it."""
        with self.moved:
            reached = [count + 2 for count in self.rounds]
            assert self.moved.wait_for(lambda: all(map(int.__ge__, self.rounds, reached)), 30)


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
    assert (readers.unread, readers.unauthorised) == ([], [])
    assert readers.users == {"app", "app_a", "app_b"}
    assert [login["username"] for login in logins[:4]] == ["app", "app_b", "app_a", "app_b"]
    assert len({login["password"] for login in logins}) == len(logins) == 3 * len(STEPS) + 1


@pytest.mark.deep
def test_a_hundred_rotations_under_eight_readers_are_killed_at_random_and_none_is_noticed(
    rotating: Running, seed: int, say: Callable[[str], None]
) -> None:
    dice, logins, killed = random.Random(seed), [rotating.ask("GET", LOGIN)["value"]], 0
    with Readers(rotating, MANY_READERS) as readers:
        for _ in range(MANY_ROTATIONS):
            rotating.killed = {dice.choice(STEPS): dice.choice(("before", "after"))}
            rotated(rotating, readers)
            killed += len(rotating.dead)
            logins.append(rotating.ask("GET", LOGIN)["value"])
            assert [lets_in(login) for login in logins[-2:]] == [False, True]
        readers.come_round()
    resurrected = [login for login in logins[:-1] if lets_in(login)]
    readable = [number for number in range(1, len(logins)) if _status(rotating, number) != 404]
    say(
        f"LLM_CONFIG_TEST_SEED={seed}: {MANY_ROTATIONS} rotations, killed {killed} times, {sum(readers.rounds)} reads by"
        f" {MANY_READERS} readers: {len(readers.unread)} failed, {len(readers.unauthorised)} logins refused,"
        f" {len(resurrected) + len(readable)} versions resurrected"
    )
    assert (readers.unread, readers.unauthorised, resurrected, readable) == ([], [], [], [])
    assert killed == MANY_ROTATIONS and len({login["password"] for login in logins}) == MANY_ROTATIONS + 1


def _status(run: Running, version: int) -> int:
    token = run.kit.token(run.tenant, "tenant-admin", ttl=YEAR)
    return run.kit.call("GET", f"{LOGIN}&version={version}", token=token).status
