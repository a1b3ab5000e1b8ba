"""Eight clients at once against one embedded home: every key's history is what one register could have answered."""

import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from llm_config_domain import json_text
from tests.support.homes import embedded
from tests.support.linearizability import Event, Kind, Outcome, lost_updates, violations
from tests.support.processes import served

CLIENTS = 8
SEED = int(os.environ.get("LLM_CONFIG_TEST_SEED") or random.SystemRandom().randrange(10**6))
KEYS = [("configs", f"/api/v1/configs/race/key-{number}?environment=production") for number in range(3)]
KEYS += [("secrets", f"/api/v1/secrets/race/key-{number}?environment=production") for number in range(2)]
EACH = [pytest.param(40, id="sampled"), pytest.param(560, id="4480 operations", marks=pytest.mark.deep)]


@dataclass(frozen=True)
class Heard:
    status: int
    text: str = ""

    @property
    def json(self) -> Any:
        return json_text.read(self.text)


Ask = Callable[[str, str, Any, dict[str, str]], Heard]
"""(method, url, body, headers) -> what came back. Status 0: nothing did."""


@dataclass
class Client:
    """Reads, writes, compares and sets, and creates, by chance; what it saw last is what it expects."""

    number: int
    ask: Ask
    history: list[Event]

    def run(self, operations: int) -> None:
        chance = random.Random(f"{SEED} {self.number}")
        seen: dict[str, int] = {}
        for turn in range(operations):
            kind, url = chance.choice(KEYS)
            if chance.random() < 0.4:
                event = self._read(url)
            else:
                value = f"{self.number}-{turn}"
                expected = seen.get(url) if chance.random() < 0.6 else None
                event = self._put(
                    kind, url, value, expected=expected, create=expected is None and chance.random() < 0.3
                )
            if event.version is not None:
                seen[url] = event.version
            self.history.append(event)

    def _read(self, url: str) -> Event:
        called = time.monotonic()
        heard = self.ask("GET", url, None, {})
        told = (self.number, url, Kind.READ, called, time.monotonic())
        if heard.status == 200:
            return Event(*told, Outcome.DONE, heard.json["value"], heard.json["version"])
        return Event(*told, {404: Outcome.ABSENT}.get(heard.status, self._unknown(heard)))

    def _put(self, kind: str, url: str, value: str, *, expected: int | None, create: bool) -> Event:
        headers = {"if-match": f'"{expected}"'} if expected else {"if-none-match": "*"} if create else {}
        body = {"value": value, **({"type": "generic"} if kind == "secrets" else {})}
        called = time.monotonic()
        heard = self.ask("PUT", url, body, headers)
        version = heard.json["version"] if heard.status in (200, 201) else None
        outcome = Outcome.DONE if version else {412: Outcome.REFUSED}.get(heard.status, self._unknown(heard))
        told = (self.number, url, Kind.PUT, called, time.monotonic(), outcome, value, version)
        return Event(*told, expected=expected, create=create)

    def _unknown(self, heard: Heard) -> Outcome:
        assert heard.status in (0, 200, 201, 404, 412, 503), f"{heard.status}: {heard.text}"
        return Outcome.UNKNOWN


@contextmanager
def in_process(directory: Path) -> Iterator[Ask]:
    with embedded(directory) as kit:
        token = kit.token(kit.tenant("acme"), "operator")

        def ask(method: str, url: str, body: Any, headers: dict[str, str]) -> Heard:
            reply = kit.call(method, url, body, token=token, headers=headers)
            return Heard(reply.status, reply.text)

        yield ask


@contextmanager
def over_http(directory: Path) -> Iterator[Ask]:
    with served(directory) as home:
        token = home.token(home.tenant("acme"), "operator")
        chance = random.Random(SEED)
        with home.client(token) as client:

            def ask(method: str, url: str, body: Any, headers: dict[str, str]) -> Heard:
                # Now and then a client does not wait for its answer: what became of the write, nobody knows.
                hasty = method == "PUT" and "/race/first" not in url and chance.random() < 0.02
                try:
                    answer = client.request(method, url, json=body, headers=headers, timeout=0.002 if hasty else 30)
                except httpx.TimeoutException:
                    return Heard(0)
                return Heard(answer.status_code, answer.text)

            yield ask


@pytest.mark.parametrize("operations", EACH)
@pytest.mark.parametrize("home", [pytest.param(in_process, id="in process"), pytest.param(over_http, id="over HTTP")])
def test_concurrent_clients_see_one_register_for_each_key(
    home: Callable[[Path], Any], operations: int, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    history: list[Event] = []
    failures: list[BaseException] = []

    def run(client: Client) -> None:
        try:
            client.run(operations)
        except BaseException as error:
            failures.append(error)
            raise

    with home(tmp_path / "home") as ask:
        threads = [threading.Thread(target=run, args=(Client(number, ask, history),)) for number in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    outcomes = {outcome: sum(event.outcome is outcome for event in history) for outcome in Outcome}
    record_property("history_operations", len(history))
    record_property("seed", SEED)
    assert failures == []
    assert len(history) == CLIENTS * operations
    assert violations(history) == [], f"LLM_CONFIG_TEST_SEED={SEED}"
    assert lost_updates(history) == [], f"LLM_CONFIG_TEST_SEED={SEED}"
    won = [event for event in history if event.expected and event.outcome is Outcome.DONE]
    assert won and outcomes[Outcome.REFUSED], "nobody won a compare-and-set, or nobody lost one: nothing was tried"
