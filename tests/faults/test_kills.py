"""The home is killed at random moments, in the middle of writes; what it acknowledged is there when it is back.

Writers in this process log each acknowledged write, synced, before it counts. After each restart: every acknowledged
write is readable with its exact value and version, versions and revisions are gap-free, each version has exactly one
journal entry, a repeated idempotency key has one effect and one answer, and SQLite finds nothing half-written.
"""

import os
import random
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.faults.invariants import check_directory, check_reads
from tests.faults.load import Acknowledged, Ledger, Sent, Writer
from tests.support.processes import Served, until

WRITERS = 4
ACKNOWLEDGED_PER_KILL = 5
"""On average: far below what is seen, far above a test that proves nothing."""


class Trial:
    """A home, two tenants, and everything that was ever acknowledged."""

    def __init__(self, directory: Path, seed: int) -> None:
        self.seed, self._dice = seed, random.Random(seed)
        self.home = Served(directory / "home")
        self.ledger = Ledger(directory / "acknowledged.jsonl")
        self.home.start()
        self._tenants = [self.home.tenant("acme"), self.home.tenant("acme-corp")]
        self._checked = self._retried = self.kills = 0
        self._asked_reads: list[str] = []

    def clients(self) -> dict[str, httpx.Client]:
        return {tenant: self.home.client(self.home.token(tenant, "operator")) for tenant in self._tenants}

    def kill_under_load(self) -> None:
        """Load, SIGKILL at a random moment, start again (now and then killed while it starts)."""
        clients = self.clients()
        writers = [Writer(f"{self.seed}.{self.kills}.{n}", clients, self.ledger) for n in range(WRITERS)]
        for writer in writers:
            writer.start()
        time.sleep(self._dice.uniform(0.05, 0.4))
        self.home.kill()
        self.kills += 1
        for writer in writers:
            writer.join()
        for client in clients.values():
            client.close()
        assert [fault for writer in writers for fault in writer.faults] == []
        if self._dice.random() < 0.1:
            self.home.launch()
            time.sleep(self._dice.uniform(0.1, 0.5))
            self.home.kill()
            self.kills += 1
        self.home.start()

    def check(self) -> None:
        """What was acknowledged since the last check, over HTTP; the whole store, by its rows."""
        clients = self.clients()
        try:
            self._check_retries(clients)
            for told in self.ledger.acknowledged[self._checked :]:
                self._check_readable(clients, told)
            self._checked = len(self.ledger.acknowledged)
        finally:
            for client in clients.values():
                client.close()
        check_directory(self.home.directory)
        with closing(sqlite3.connect(f"file:{self.home.directory / 'store.sqlite'}?mode=ro", uri=True)) as db:
            check_reads(db, {*self.ledger.reads, *self._asked_reads})
        assert "Traceback" not in self.home.log.read_text()
        assert "unexpected error" not in self.home.log.read_text()

    def _check_readable(self, clients: dict[str, httpx.Client], told: Acknowledged) -> None:
        reply = self._get(clients[told.sent.tenant], f"{told.sent.url}&version={told.version}", told.sent.kind)
        assert (reply.status_code, reply.json()["value"]) == (200, told.sent.body["value"]), told

    def _get(self, client: httpx.Client, url: str, kind: str) -> httpx.Response:
        reply = client.get(url)
        if kind == "secrets":
            self._asked_reads.append(reply.headers["X-Request-Id"])
        return reply

    def _check_retries(self, clients: dict[str, httpx.Client]) -> None:
        """Each idempotency key of this round again: the acknowledged ones answer as they did, the others have one effect."""
        for told in self.ledger.acknowledged[self._checked :]:
            if "Idempotency-Key" in told.sent.headers:
                reply = self._retry(clients, told.sent)
                assert (reply.status_code, reply.json()) == (told.status, told.answer)
                assert reply.headers["Idempotency-Replayed"] == "true"
        for sent in self.ledger.unknown:
            if "Idempotency-Key" in sent.headers:
                first, second = self._retry(clients, sent), self._retry(clients, sent)
                assert (first.status_code, first.json()) == (second.status_code, second.json())
                assert second.headers["Idempotency-Replayed"] == "true"
                self.ledger.acknowledge(Acknowledged(sent, first.status_code, first.json()))
        self.ledger.unknown.clear()

    def _retry(self, clients: dict[str, httpx.Client], sent: Sent) -> httpx.Response:
        self._retried += 1
        reply = clients[sent.tenant].put(sent.url, json=sent.body, headers=sent.headers)
        assert reply.status_code in (200, 201), reply.text
        return reply

    def check_effects(self) -> None:
        """Over every version of every name, at the end: no value was written twice, and no other value was written."""
        clients = self.clients()
        highest = {told.sent.name: 0 for told in self.ledger.acknowledged}
        for told in self.ledger.acknowledged:
            highest[told.sent.name] = max(highest[told.sent.name], told.version)
        words: Counter[str] = Counter()
        for (tenant, kind, path), last in highest.items():
            for version in range(1, last + 1):
                url = f"/api/v1/{kind}/{path}?environment=production&version={version}"
                reply = self._get(clients[tenant], url, kind)
                assert reply.status_code == 200, reply.text
                words[reply.json()["value"]["word"]] += 1
        for client in clients.values():
            client.close()
        assert [word for word, count in words.items() if count > 1] == []
        assert {told.sent.word for told in self.ledger.acknowledged} <= words.keys()
        positions = Counter((told.sent.name, told.version) for told in self.ledger.acknowledged)
        assert [position for position, count in positions.items() if count > 1] == []

    def close(self) -> None:
        self.home.kill()
        self.ledger.close()

    def summary(self) -> str:
        kinds = Counter(told.sent.kind for told in self.ledger.acknowledged)
        return (
            f"seed {self.seed}: {self.kills} kills, {len(self.ledger.acknowledged)} acknowledged writes "
            f"({kinds['configs']} configs, {kinds['secrets']} secrets), {self._retried} retries, "
            f"{len(self.ledger.reads)} acknowledged reads of secrets under load"
        )


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Print past pytest's capture: the seed and the counts belong in the log of a passing run too."""

    def printed(text: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n  {text}\n")

    return printed


@pytest.fixture
def seed() -> int:
    return int(os.environ.get("LLM_CONFIG_TEST_SEED") or random.SystemRandom().randrange(2**32))


@pytest.fixture
def trial(tmp_path: Path, seed: int, say: Callable[[str], None]) -> Iterator[Trial]:
    say(f"LLM_CONFIG_TEST_SEED={seed}")
    running = Trial(tmp_path, seed)
    yield running
    running.close()


@pytest.mark.parametrize(
    "kills", [pytest.param(5, id="5 kills"), pytest.param(200, id="200 kills", marks=pytest.mark.deep)]
)
def test_what_was_acknowledged_survives_every_kill(trial: Trial, kills: int, say: Callable[[str], None]) -> None:
    while trial.kills < kills:
        trial.kill_under_load()
        trial.check()
    trial.check_effects()
    say(trial.summary())
    assert len(trial.ledger.acknowledged) >= kills * ACKNOWLEDGED_PER_KILL
    assert {told.sent.kind for told in trial.ledger.acknowledged} == {"configs", "secrets"}


def test_a_home_killed_while_it_is_first_made_starts_again(
    tmp_path: Path, seed: int, say: Callable[[str], None]
) -> None:
    say(f"LLM_CONFIG_TEST_SEED={seed}")
    dice = random.Random(seed)
    found = Counter[str]()
    for attempt in range(5):
        with Served(tmp_path / str(attempt) / "home") as home:
            home.directory.mkdir(parents=True)
            home.launch()
            until(lambda: len(list(home.directory.iterdir())) > 1, "nothing was made")
            time.sleep(dice.uniform(0, 0.05))
            home.kill()
            found.update(path.name for path in home.directory.iterdir())
            home.start()
            with home.client(home.token(home.tenant("acme"), "operator")) as client:
                body = {"type": "generic", "value": "sealed"}
                assert client.put("/api/v1/secrets/app/key?environment=production", json=body).status_code == 201
            check_directory(home.directory)
    say(f"left behind by five killed first starts: {dict(found)}")
