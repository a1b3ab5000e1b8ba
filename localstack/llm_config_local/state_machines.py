"""The engine of rotations on one machine: the state machine that is deployed to AWS, run in this process.

moto's interpreter reads it; the steps are the functions of the catalog, and the clock is the home's. A run whose next
time is over a minute away is parked: it ends here, and the ticker begins another one then, exactly as after a restart.
"""

import io
import json
import logging
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from llm_config.operations.catalog import TASKS
from llm_config_domain import times
from llm_config_domain.rotation.entries import Rotation
from llm_config_domain.rotation.runs import input_of, name_of

if TYPE_CHECKING:
    from llm_config_local.interpreter import Machine

PARKED_SECONDS = 60
MAX_RUNS = 200
"""At once; what is beyond waits for the next look at what is due."""
CLOSING_SECONDS = 10
_NAME = "rotate_secret.asl.json"
_PLACES = (
    Path(__file__).with_name(_NAME),
    Path(__file__).parents[2] / "infra/cdk/llm_config_cdk/state_machines" / _NAME,
)
"""In a wheel it lies beside this module; in the source tree with what is deployed."""
Call = Callable[[Mapping[str, Any]], Mapping[str, Any]]
Now = Callable[[], datetime]


def definition() -> str:
    return next(place for place in _PLACES if place.is_file()).read_text()


class Runs:
    """The runs of one home. `call` takes a function's name and gives what calls it; `text` is the state machine."""

    def __init__(self, now: Now, call: Callable[[str], Call] | None = None, text: str | None = None) -> None:
        self._now, self._call, self._text = now, call or _handler, text
        self._alive: set[str] = set()
        self._lock = threading.Lock()
        self._idle = threading.Condition(self._lock)
        self._closed = threading.Event()
        self._machine: Machine | None = None
        self.entered: dict[str, list[str]] = {}
        """The states that each of the last runs entered, by the run's name."""

    def begin(self, rotation: Rotation) -> None:
        """Run it in a thread of its own, unless this run runs already, waits too long, or there are too many."""
        away = (times.parse(rotation.not_before) - self._now()).total_seconds()
        name = name_of(rotation)
        with self._lock:
            if self._closed.is_set() or away > PARKED_SECONDS or name in self._alive or len(self._alive) >= MAX_RUNS:
                return
            self._alive.add(name)
        threading.Thread(
            target=self._run, args=(name, input_of(rotation)), name=f"rotation-{name}", daemon=True
        ).start()

    def is_alive(self, rotation_id: str, attempt: int) -> bool:
        with self._lock:
            return f"{rotation_id}-{attempt}" in self._alive

    def rest(self, seconds: float) -> bool:
        """Whether no run is alive, at the latest after so many seconds."""
        with self._lock:
            return self._idle.wait_for(lambda: not self._alive, seconds)

    def close(self) -> None:
        """Begin no other step, wake what sleeps, and let the steps that run come to their end."""
        self._closed.set()
        self.rest(CLOSING_SECONDS)
        if self._machine is not None:
            self._machine.close()

    def invoke(self, function: str, payload: bytes) -> dict[str, Any]:
        """As Lambda's client answers `Invoke`: a refusal's class is the error's name."""
        try:
            if self._closed.is_set():
                raise InterruptedError
            return _answer(self._call(function)(json.loads(payload)))
        except Exception as error:  # the interpreter's own boundary: it retries and catches by the error's name
            return {**_answer({"errorType": type(error).__name__, "errorMessage": ""}), "FunctionError": "Unhandled"}

    def wait(self, stamp: str) -> bool:
        """Until a time as a Wait says it. False at once, and the run is over, where that is over a minute away, or the
        home closes."""
        at = datetime.strptime(stamp, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        while (away := (at - self._now()).total_seconds()) > 0:
            if away > PARKED_SECONDS or self._closed.is_set():
                return False
            self._closed.wait(away)
        return True

    def _run(self, name: str, given: Mapping[str, Any]) -> None:
        entered: list[str] = []
        try:
            machine = self._interpreter()
            entered = machine.run(name, given)
        except Exception as error:  # a run that breaks is begun again by the ticker; its text may hold input
            logging.getLogger(__name__).error("a run of a rotation broke: %s", type(error).__name__)
        with self._lock:
            self._alive.discard(name)
            self.entered = {**dict(list(self.entered.items())[-99:]), name: entered}
            self._idle.notify_all()

    def _interpreter(self) -> "Machine":
        """moto's, imported at the first rotation: two seconds, and 180 MB."""
        with _importing:
            from llm_config_local.interpreter import Machine

            if self._machine is None:
                self._machine = Machine(self, self._text or definition(), [row.name for row in TASKS])
            return self._machine


def _answer(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"StatusCode": 200, "Payload": io.BytesIO(json.dumps(told).encode())}


def _handler(function: str) -> Call:
    module = import_module(f"functions.rotations.{function}.handler")
    call: Callable[[Mapping[str, Any], Any], Mapping[str, Any]] = module.lambda_handler
    return lambda given: call(given, None)


_importing = threading.Lock()
