"""The lines of a function's log: one a request, which says what was asked, what became of it and what it cost, and
carries the access to be recorded. The log group's subscription brings accesses to the audit; CloudWatch takes the
metrics out of the same line.
"""

import json
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from llm_config.adapters.log_stream.metrics import NAMESPACE, metrics_of
from llm_config_domain.journal import JournalEntry

_text = json.JSONEncoder(separators=(",", ":")).encode
_SHARED = ("tenant", "request_id")
"""Members of an access that its line tells already, unless they differ."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """An access, and where it stands among those of its container."""

    entry: JournalEntry
    container: str
    sequence: int


class LogStreamLines:
    """Implements `access_log` and `request_log`.

    Accesses of one container are numbered from 1 without a gap. A number is spent when the access is noted, so one whose
    line was lost on its way is a number that is missing. `metrics` is the namespace of the metrics that each line carries; none
    without one. `now` is the time of day in seconds since 1970.
    """

    def __init__(self, container: str, *, metrics: str = NAMESPACE, now: Callable[[], float] = time.time) -> None:
        self._container, self._sequence = container, 0
        self._metrics, self._now = metrics, now
        self._lock = threading.Lock()
        self._noted = threading.local()

    def note(self, entry: JournalEntry) -> None:
        earlier = self._take()
        with self._lock:
            self._sequence += 1
            self._noted.access = Numbered(entry, self._container, self._sequence)
        if earlier:  # a second access before the request's line: the first one has a line of its own
            self._print(lambda: _text(_carried({}, earlier)))

    def write(self, line: Mapping[str, Any]) -> None:
        noted = self._take()
        self._print(lambda: self._line(line, noted))

    def _line(self, line: Mapping[str, Any], noted: Numbered | None) -> str:
        text = _text({**line, **_carried(line, noted)} if noted else line)
        return f"{text[:-1]},{metrics_of(line, int(self._now() * 1000), self._metrics)}}}" if self._metrics else text

    def _take(self) -> Numbered | None:
        noted: Numbered | None = getattr(self._noted, "access", None)
        self._noted.access = None
        return noted

    def _print(self, text: Callable[[], str]) -> None:
        try:
            line = text() + "\n"
            with self._lock:
                sys.stdout.write(line)
                sys.stdout.flush()
        except (OSError, ValueError, TypeError):
            return  # the missing number tells it


def _carried(line: Mapping[str, Any], noted: Numbered) -> dict[str, Any]:
    record = noted.entry.to_record()
    for name in _SHARED:
        if record[name] == line.get(name):
            del record[name]
    return {"access": record, "container": noted.container, "sequence": noted.sequence}


def access_in(line: Mapping[str, Any]) -> Numbered | None:
    """The access that a line carries, whole again; none in a line of a request that is recorded elsewhere."""
    told = record_in(line)
    return Numbered(JournalEntry.from_record(told["access"]), told["container"], told["sequence"]) if told else None


def record_in(line: Mapping[str, Any]) -> dict[str, Any] | None:
    """`access`, `container` and `sequence` of a line, whole again and unchecked; none in one that carries no access. Raises
    KeyError or TypeError for what this module did not write."""
    if "access" not in line:
        return None
    shared = {name: line[name] for name in _SHARED if name in line}
    return {"access": {**shared, **line["access"]}, **{name: line[name] for name in ("container", "sequence")}}
