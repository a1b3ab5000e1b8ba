"""An embedded home whose rotations run, with a clock that a test moves: nobody sleeps."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from llm_config.operations.catalog import TASKS
from llm_config.operations.operation import Task
from llm_config.runtime.task import task
from llm_config.runtime.ticks import ticks
from llm_config_domain import times
from llm_config_domain.names import TenantId
from llm_config_domain.rotation.entries import Rotation
from llm_config_local.state_machines import Runs, definition
from tests.support.clocks import SteppedClock
from tests.support.homes import EmbeddedKit, Reply, embedded
from tests.support.misbehaving import Died, MisbehavingTarget

PATH, ENVIRONMENT = "keys/main", "production"
SECRET = f"/api/v1/secrets/{PATH}?environment={ENVIRONMENT}"
ROTATIONS = f"/api/v1/rotations/{PATH}?environment={ENVIRONMENT}"
FIRST = b'"first"'
ENOUGH_SECONDS = 60


class Killed(Exception):
    """What a run hears from a process that is gone: nothing that it would try again."""


def without_retries() -> str:
    """The state machine, but what fails is caught at once: nobody waits for a second try."""
    machine = json.loads(definition())
    for state in machine["States"].values():
        state.pop("Retry", None)
    return json.dumps(machine)


class LeapingRuns(Runs):
    """A Wait moves the clock to its time, so that grace passes at once."""

    def __init__(self, clock: SteppedClock, call: Callable[[str], Any]) -> None:
        super().__init__(clock.now, call, without_retries())
        self._clock = clock

    def wait(self, stamp: str) -> bool:
        away = (times.parse(stamp) - self._clock.now()).total_seconds()
        self._clock.step(max(0, away))
        return super().wait(stamp)


@dataclass
class Running:
    kit: EmbeddedKit
    clock: SteppedClock
    target: MisbehavingTarget
    tenant: TenantId
    runs: LeapingRuns
    dead: set[int] = field(default_factory=set)
    """The runs whose process is gone."""
    killed: dict[str, str] = field(default_factory=dict)
    """Function -> the process dies `before` its next call, or `after` it."""
    meanwhile: dict[str, Callable[[], None]] = field(default_factory=dict)
    """Function -> what happens just before its next call."""

    def ask(self, method: str, url: str, body: Any = None, status: int = 200, role: str = "tenant-admin") -> Any:
        reply: Reply = self.kit.call(method, url, body, token=self.kit.token(self.tenant, role))
        assert reply.status == status, reply.text
        return reply.json if reply.text else None

    def start(self, **body: Any) -> str:
        rotation_id: str = self.ask("POST", ROTATIONS, body, 202)["rotation_id"]
        self.rest()
        return rotation_id

    def rest(self) -> None:
        assert self.runs.rest(ENOUGH_SECONDS)

    def use_real_targets(self) -> None:
        """Those of the home in the place of the one that misbehaves."""
        self.kit.factories["rotation_target"] = self.kit.family.factories()["rotation_target"]
        self.kit.forget()

    def view(self, rotation_id: str) -> Any:
        return self.ask("GET", f"/api/v1/rotations/{rotation_id}")

    def rotation(self, rotation_id: str) -> Rotation:
        found: Rotation = self.kit.provide("rotation_reader").entry(self.tenant, rotation_id)
        return found

    def revive(self) -> None:
        """What the minute's function does, once everything that does not run counts as dead."""
        self.clock.step(3600)
        assert ticks(row("run_due_rotation"), self.kit.provide)({}, None)["due"] >= 0
        self.rest()

    def versions(self) -> dict[int, str]:
        url = SECRET.replace("/secrets/", "/secret-versions/")
        return {one["version"]: one["stage"] for one in self.ask("GET", url)["items"]}

    def current(self) -> bytes:
        value: str = self.ask("GET", SECRET)["value"]
        return f'"{value}"'.encode()

    def report(self, version: int, uses: int = 20, errors: int = 0, service: str = "gateway") -> None:
        url = SECRET.replace("/secrets/", "/secret-versions/")
        version_id = next(one["version_id"] for one in self.ask("GET", url)["items"] if one["version"] == version)
        item = {"path": PATH, "environment": ENVIRONMENT, "version_id": version_id, "uses": uses, "errors": errors}
        self.ask("POST", "/api/v1/usage-reports", {"service": service, "items": [item]})

    def is_whole(self) -> None:
        """The version in use works at the target; one or two credentials are valid, never none, never three."""
        assert self.current() in self.target.valid
        assert 1 <= len(self.target.valid) <= 2


def row(name: str) -> Task:
    return next(one for one in TASKS if one.name == name)


@contextmanager
def running(directory: Path) -> Iterator[Running]:
    clock, target = SteppedClock(), MisbehavingTarget(valid={FIRST})
    with embedded(directory, clock=clock, rotation_target=target) as kit:
        found: Running

        def call(function: str) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
            handler = task(row(function), kit.provide)

            def called(given: Mapping[str, Any]) -> Mapping[str, Any]:
                when = "" if given["attempt"] in found.dead else found.killed.pop(function, "")
                if when == "before":
                    found.dead.add(given["attempt"])
                if given["attempt"] in found.dead:
                    raise Killed
                found.meanwhile.pop(function, lambda: None)()
                try:
                    answer = handler(given, None)
                    if when == "after":
                        raise Died
                except Died:
                    found.dead.add(given["attempt"])
                    raise Killed from None
                return answer

            return called

        runs = LeapingRuns(clock, call)
        found = Running(kit, clock, target, kit.tenant("acme"), runs)
        kit.family.engine.connect(runs.begin)
        found.ask("PUT", SECRET, {"type": "generic", "value": "first"}, 201)
        yield found
        runs.close()
