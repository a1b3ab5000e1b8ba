"""The embedded home is killed (SIGKILL) in the middle of rotations of a real PostgreSQL login, again and again.

Readers ask it over HTTP and log in with what it says. While the home is away nobody can read; what was read works.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg import sql

from llm_config_domain.names import TenantId
from tests.support.guarded_postgres import connected, lets_in
from tests.support.nets import EVERY_OTHER
from tests.support.processes import Served, until

LOGIN, ADMIN = (f"/api/v1/secrets/db/{key}?environment=production" for key in ("login", "admin"))
READERS = 8
PAUSE_SECONDS = 0.02
GRACE_SECONDS = 2
PLAN = {"notice_seconds": 0, "acknowledgement_seconds": 0, "grace_seconds": GRACE_SECONDS, "quiet_seconds": 0}
ENOUGH_SECONDS = 180
"""For a target that does not answer on a busy machine: a step is tried again for half a minute."""
LONGEST_SECONDS = 4.0
"""A rotation takes about so long: it is killed at any moment of it."""


@dataclass
class Readers:
    """`late` are logins with a version that was retired between the read and the login: the reader was slower than the
    grace, and the version in use let it in."""

    home: Served
    token: str
    read: int = 0
    late: int = 0
    unread: list[int] = field(default_factory=list)
    unauthorised: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Readers":
        self.threads = [threading.Thread(target=self._serve) for _ in range(READERS)]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(60)

    def _serve(self) -> None:
        while not self.over.is_set():
            login = self._login()
            if login is None or self._works(login):
                self.over.wait(PAUSE_SECONDS)  # or eight of them leave the home no time to rotate
                continue
            again = self._login()
            if again is not None and again != login and self._works(again):
                self.late += 1
            elif again is not None:
                self.unauthorised.append(login["username"])

    def _login(self) -> dict[str, Any] | None:
        """What the home says; None while it is away."""
        try:
            with self.home.client(self.token) as client:
                reply = client.get(LOGIN)
        except httpx.TransportError:
            self.over.wait(0.05)
            return None
        if reply.status_code != 200:
            self.unread.append(reply.status_code)
            return None
        self.read += 1
        value: dict[str, Any] = reply.json()["value"]
        return value

    def _works(self, login: dict[str, Any]) -> bool:
        try:
            with connected(login) as session:
                session.execute("SELECT 1")
        except psycopg.Error:
            return False
        return True


@dataclass
class Trial:
    home: Served
    tenant: TenantId
    dice: random.Random
    logins: list[dict[str, Any]] = field(default_factory=list)
    on_the_way: int = 0
    """Kills that struck a rotation that had not ended."""

    @property
    def token(self) -> str:
        return self.home.token(self.tenant, "tenant-admin", ttl=24 * 3600)

    def ask(self, method: str, url: str, body: Any = None) -> Any:
        with self.home.client(self.token) as client:
            reply = client.request(method, url, json=body)
        assert reply.status_code < 300, reply.text
        return reply.json()

    def rotate_under_a_kill(self) -> None:
        rotation_id = self.ask("POST", LOGIN.replace("/secrets/", "/rotations/"), PLAN)["rotation_id"]
        time.sleep(self.dice.uniform(0, LONGEST_SECONDS))
        self.home.kill()
        self.home.start()
        view = f"/api/v1/rotations/{rotation_id}"
        self.on_the_way += self.ask("GET", view)["status"] == "running"
        with suppress(AssertionError):  # what it came to says more than that it took too long
            until(lambda: self.ask("GET", view)["status"] != "running", "", seconds=ENOUGH_SECONDS)
        ended = self.ask("GET", view)
        assert ended["status"] == "completed", ended
        self.logins.append(self.ask("GET", LOGIN)["value"])
        assert [lets_in(login) for login in self.logins[-2:]] == [False, True]

    def resurrected(self) -> list[int]:
        """Versions that were retired and can be read, or used, again."""
        with self.home.client(self.token) as client:
            return [
                number
                for number, login in enumerate(self.logins[:-1], 1)
                if client.get(f"{LOGIN}&version={number}").status_code != 404 or lets_in(login)
            ]


@pytest.fixture
def trial(tmp_path: Path, admin: dict[str, Any], seed: int) -> Iterator[Trial]:
    with connected(admin) as session:
        for statement in ("CREATE ROLE app_rights", "CREATE ROLE app LOGIN PASSWORD 'first' IN ROLE app_rights"):
            session.execute(sql.SQL(statement))
    with Served(tmp_path / "home").start() as home:
        found = Trial(home, home.tenant("acme"), random.Random(seed))
        found.ask("PUT", ADMIN, {"type": "database_credentials", "value": {"engine": "postgres", **admin}})
        login = {"engine": "postgres", **admin, "username": "app", "password": "first"}
        rotation = {"target": {"kind": "postgres", "admin": "db/admin"}}
        found.ask("PUT", LOGIN, {"type": "database_credentials", "value": login, "rotation": rotation})
        found.logins.append(login)
        yield found


@EVERY_OTHER
@pytest.mark.parametrize(
    "kills", [pytest.param(2, id="2 kills"), pytest.param(20, id="20 kills", marks=pytest.mark.deep)]
)
def test_a_home_that_is_killed_in_its_rotations_ends_them_and_nobody_notices(
    trial: Trial, kills: int, seed: int, say: Callable[[str], None]
) -> None:
    with Readers(trial.home, trial.token) as readers:
        for _ in range(kills):
            trial.rotate_under_a_kill()
    resurrected = trial.resurrected()
    say(
        f"LLM_CONFIG_TEST_SEED={seed}: {kills} kills, {trial.on_the_way} of them in a rotation, {readers.read} reads by"
        f" {READERS} readers ({readers.late} slower than the grace): {len(readers.unread)} failed,"
        f" {len(readers.unauthorised)} logins refused, {len(resurrected)} versions resurrected"
    )
    assert (readers.unread, readers.unauthorised, resurrected) == ([], [], [])
    assert len({login["password"] for login in trial.logins}) == kills + 1 and readers.read > kills
