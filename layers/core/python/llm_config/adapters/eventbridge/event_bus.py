"""Events into EventBridge: each CloudEvent whole, as many in a request as PutEvents takes.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html: at most ten entries a request, and 256 KB
of all their parts. A request that succeeds may still have refused some of its entries; those alone are sent again.
"""

import json
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from llm_config.ports.clock import Clock
from llm_config_domain.errors import Unavailable

MAX_ENTRIES, MAX_BYTES = 10, 256 * 1024
LIMIT_SECONDS = 5.0
CALL_SECONDS = 2.0
"""What one request may take; the client's own waits are set to it (`runtime/aws_clients.py`)."""
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.05, 0.5
_TIME_BYTES = 14
"""What an entry's `Time` counts for."""
_text = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
Entries = Mapping[str, Mapping[str, Any]]
"""Event's id -> its entry."""


class EventBridgeBus:
    """Implements `event_bus`. A rule matches on `source` and `detail-type`, which are the event's own; `detail` is the
    event as it is. `client` repeats nothing by itself: it does not know which entries to repeat."""

    def __init__(self, client: Any, bus: str, clock: Clock) -> None:
        self._client, self._bus, self._clock = client, bus, clock

    def publish(self, events: Sequence[Mapping[str, Any]]) -> Sequence[str]:
        given: Entries = {event["id"]: self._entry(event) for event in events}
        last_call = self._clock.monotonic() + LIMIT_SECONDS - CALL_SECONDS
        left, longest = self._put_all(given, last_call), FIRST_PAUSE_SECONDS
        while left:
            pause = random.uniform(0, longest)  # noqa: S311 - jitter
            if self._clock.monotonic() + pause > last_call:
                break
            time.sleep(pause)
            left, longest = self._put_all(left, last_call), min(2 * longest, LONGEST_PAUSE_SECONDS)
        if left and len(left) == len(given):
            raise Unavailable("the event bus takes nothing now")
        return tuple(left)

    def _entry(self, event: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "EventBusName": self._bus,
            "Source": event["source"],
            "DetailType": event["type"],
            "Time": event["time"],
            "Detail": _text(event),
        }

    def _put_all(self, entries: Entries, last_call: float) -> Entries:
        """What was not taken."""
        return {
            event_id: entry
            for batch in _batches(entries)
            for event_id, entry in (batch if self._clock.monotonic() > last_call else self._put(batch)).items()
        }

    def _put(self, batch: Entries) -> Entries:
        try:
            answer = self._client.put_events(Entries=list(batch.values()))
        except (ClientError, BotoCoreError):
            return batch
        told = zip(batch.items(), answer["Entries"], strict=True)
        return {event_id: entry for (event_id, entry), result in told if "ErrorCode" in result}


def _batches(entries: Entries) -> Iterator[Entries]:
    batch: dict[str, Mapping[str, Any]] = {}
    size = 0
    for event_id, entry in entries.items():
        adds = _size(entry)
        if batch and (len(batch) == MAX_ENTRIES or size + adds > MAX_BYTES):
            yield batch
            batch, size = {}, 0
        batch[event_id], size = entry, size + adds
    if batch:
        yield batch


def _size(entry: Mapping[str, Any]) -> int:
    """As EventBridge counts it ("Calculating PutEvents event entry size")."""
    return _TIME_BYTES + sum(len(entry[part].encode()) for part in ("Source", "DetailType", "Detail"))
