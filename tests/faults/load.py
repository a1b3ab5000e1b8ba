"""Load for a home that is about to be killed: writers that log what was acknowledged before they count it."""

import json
import os
import random
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx

KEYS = ("alpha", "beta", "gamma", "team/delta")


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
