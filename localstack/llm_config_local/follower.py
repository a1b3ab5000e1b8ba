"""Following the journal in process: new rows become the stream's records for the same handler that Lambda would call.

What a consumer was given stands in the store (`watermarks`), so after a restart it goes on where it was. Rows come in the
order of their commits, and what failed comes again before anything behind it is done with.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ulid import ULID

from llm_config_local.adapters.store import SqliteStore
from llm_config_local.adapters.watermarks import Followed, SqliteWatermark

BATCH = 100
TRIES = 5
"""How often a row that fails alone is tried before it is put aside."""
LINGER_SECONDS = 0.05
"""After a commit: those that come together are told together."""
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.1, 5.0
Handler = Callable[[Mapping[str, Any], Any], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class _Invocation:
    """As much of Lambda's context as a handler reads."""

    aws_request_id: str


class Came(StrEnum):
    """What came of a batch."""

    NOTHING = "nothing"
    DELIVERED = "delivered"
    FAILED = "failed"


class Follower:
    """`handler` is the `lambda_handler` of a stream's consumer."""

    def __init__(self, store: SqliteStore, consumer: str, handler: Handler) -> None:
        self._mark, self._handler = SqliteWatermark(store, consumer), handler
        self._failing, self._tries = 0, 0
        self._woken, self._stopped = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._serve, name=f"follower-{consumer}", daemon=True)
        store.when_committed(self._woken.set)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Finish the batch that runs. What is behind the mark is for the next start."""
        self._stopped.set()
        self._woken.set()
        self._thread.join()

    def step(self) -> Came:
        """Deliver one batch. Raises Unavailable."""
        rows = self._mark.behind(BATCH)
        if not rows:
            return Came.NOTHING
        told = self._handler({"Records": [_record(row) for row in rows]}, _Invocation(str(ULID())))
        failed = {failure["itemIdentifier"] for failure in told["batchItemFailures"]}
        left = [row.sequence for row in rows if str(row.sequence) in failed]
        given_up = self._given_up(left, len(rows))
        held = left[len(given_up) :]
        done = [row.sequence for row in rows if not held or row.sequence < held[0]]
        if done:
            self._mark.move(done[-1], given_up)
        return Came.FAILED if held else Came.DELIVERED

    def _given_up(self, left: Sequence[int], among: int) -> Sequence[int]:
        """The first of what is left, once it has failed so often while others did not: an outage fails them all."""
        alone = bool(left) and len(left) < among
        self._tries = (self._tries + 1 if left[0] == self._failing else 1) if alone else 0
        self._failing = left[0] if alone else 0
        return left[:1] if self._tries >= TRIES else ()

    def _serve(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        while not self._stopped.is_set():
            came = self._safely()
            if came is Came.FAILED:
                self._stopped.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
                continue
            pause = FIRST_PAUSE_SECONDS
            if came is Came.NOTHING:
                self._woken.wait()
                self._woken.clear()
                self._stopped.wait(LINGER_SECONDS)

    def _safely(self) -> Came:
        try:
            return self.step()
        except Exception:  # whatever it was: this thread must outlive it, and the rows come again
            return Came.FAILED


def _record(row: Followed) -> dict[str, Any]:
    """As much of a record of DynamoDB's stream as a consumer reads."""
    told: dict[str, Any] = {"SequenceNumber": str(row.sequence), "NewImage": {"entry": {"S": row.entry}}}
    if row.revision is not None:
        partition = f"T#{row.tenant}#{row.line}" + (f"#{row.namespace}" if row.namespace else "")
        told["Keys"] = {"pk": {"S": partition}, "sk": {"S": f"{row.revision:010}#{row.ordinal:02}"}}
        told["NewImage"]["rest"] = {"N": str(row.rest)}
    return {"eventName": "INSERT", "dynamodb": told}
