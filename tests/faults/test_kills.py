"""The home is killed at random moments, in the middle of writes; what it acknowledged is there when it is back.

Writers in this process log each acknowledged write, synced, before it counts. After each restart: every acknowledged
write is readable with its exact value and version, versions and revisions are gap-free, each version has exactly one
journal entry, a repeated idempotency key has one effect and one answer, and SQLite finds nothing half-written.
"""

import json
import os
import random
import sqlite3
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.faults.invariants import check_directory, check_reads
from tests.support.processes import Served, until

WRITERS = 4
KEYS = ("alpha", "beta", "gamma", "team/delta")
ACKNOWLEDGED_PER_KILL = 5
"""On average: far below what is seen, far above a test that proves nothing."""


@dataclass(frozen=True)
class Sent:
    """One request of a writer. `word` is nowhere but in its value."""

    tenant: str
    kind: str
    path: str
    word: str
    body: dict[str, Any]
    headers: dict[str, str]

    @property
    def url(self) -> str:
        return f"/api/v1/{self.kind}/{self.path}?environment=production"

    @property
    def name(self) -> tuple[str, str, str]:
        return self.tenant, self.kind, self.path


@dataclass(frozen=True)
class Acknowledged:
    sent: Sent
    status: int
    answer: dict[str, Any]

    @property
    def version(self) -> int:
        return int(self.answer["version"])


class Ledger:
    """The log of what was acknowledged: a line counts once it is on disk."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)
        self._lock = threading.Lock()
        self.acknowledged: list[Acknowledged] = []
        self.reads: list[str] = []
        self.unknown: list[Sent] = []

    def acknowledge(self, told: Acknowledged) -> None:
        with self._lock:
            self._file.write(json.dumps(asdict(told)).encode() + b"\n")
            os.fsync(self._file.fileno())
            self.acknowledged.append(told)

    def read_by(self, request_id: str) -> None:
        with self._lock:
            self.reads.append(request_id)

    def lost(self, sent: Sent) -> None:
        """The home was gone before it answered: the write happened or it did not."""
        with self._lock:
            self.unknown.append(sent)

    def close(self) -> None:
        self._file.close()


class Writer(threading.Thread):
    """Puts configs and secrets of both tenants until the home is gone. Any answer but a good one is kept as a fault."""

    def __init__(self, seed: str, clients: dict[str, httpx.Client], ledger: Ledger) -> None:
        super().__init__(name=seed)
        self._random, self._clients, self._ledger = random.Random(seed), clients, ledger
        self._seen: dict[tuple[str, str, str], int] = {}
        self.faults: list[str] = []

    def run(self) -> None:
        count = 0
        try:
            while True:
                count += 1
                self._step(f"{self.name}:{count}")
        except httpx.TransportError:
            return

    def _step(self, word: str) -> None:
        sent = self._choose(word)
        client = self._clients[sent.tenant]
        try:
            reply = client.put(sent.url, json=sent.body, headers=sent.headers)
        except httpx.TransportError:
            self._ledger.lost(sent)
            raise
        if reply.status_code in (200, 201):
            told = Acknowledged(sent, reply.status_code, reply.json())
            self._ledger.acknowledge(told)
            self._check_match(told)
            self._seen[sent.name] = told.version
            if sent.kind == "secrets":
                self._read(client, sent)
        elif reply.status_code == 412 and "If-Match" in sent.headers:
            self._seen.pop(sent.name, None)
        else:
            self.faults.append(f"{reply.status_code} {reply.text}")

    def _check_match(self, told: Acknowledged) -> None:
        expected = told.sent.headers.get("If-Match")
        if expected and expected != f'"{told.version - 1}"':
            self.faults.append(f"If-Match {expected} wrote version {told.version}")

    def _read(self, client: httpx.Client, sent: Sent) -> None:
        reply = client.get(sent.url)
        if reply.status_code == 200:
            self._ledger.read_by(reply.headers["X-Request-Id"])
        else:
            self.faults.append(f"{reply.status_code} {reply.text}")

    def _choose(self, word: str) -> Sent:
        dice = self._random
        kind = "secrets" if dice.random() < 0.2 else "configs"
        tenant, path = dice.choice(sorted(self._clients)), f"kills/{dice.choice(KEYS)}"
        value = {"word": word, "filler": "x" * dice.choice([0, 10, 3000])}
        body = {"value": value, "reason": "load"} | ({"type": "generic"} if kind == "secrets" else {})
        headers, luck = {}, dice.random()
        if luck < 0.25:
            headers["Idempotency-Key"] = word
        elif luck < 0.5 and (tenant, kind, path) in self._seen:
            headers["If-Match"] = f'"{self._seen[tenant, kind, path]}"'
        return Sent(tenant, kind, path, word, body, headers)


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
    "kills", [pytest.param(20, id="20 kills"), pytest.param(200, id="200 kills", marks=pytest.mark.deep)]
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
