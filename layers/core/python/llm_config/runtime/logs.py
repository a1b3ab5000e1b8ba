"""A task as a Lambda handler behind the subscriptions of the functions' logs: one request for the accesses that a batch of
lines carries.

CloudWatch Logs calls without waiting. What a call raises, Lambda calls with twice more and then puts aside in the task's queue,
which brings it again, so a handler raises what it could not do. It raises a Refusal, or Defect: nothing quotes a line.

A line that carries no access of ours is counted and left: whatever a function prints, it holds up nothing.
"""

import base64
import json
import zlib
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any

from llm_config.adapters.log_stream.lines import record_in
from llm_config.operations.operation import Task
from llm_config.operations.perform import Provide, perform
from llm_config.runtime import wiring
from llm_config.runtime.observability import Observation, Timer, tell
from llm_config.runtime.task import Defect
from llm_config_contract.log_lines import MAX_CHARACTERS, AccessBatch, AccessLine, LogBatch, LogsAside, LogsEvent
from llm_config_domain.audit.entries import text_of
from llm_config_domain.callers import the_product
from llm_config_domain.errors import Broken, Malformed, Refusal
from llm_config_domain.names import PLATFORM

Event = Mapping[str, Any]
Handler = Callable[[Event, Any], dict[str, Any]]
MAX_UNPACKED = 32 * 1024 * 1024
"""Bytes. Lines of one kind shrink to a tenth and less; an event has at most a MiB."""
MAX_LINE = 256 * 1024
"""Characters. None of ours is a hundredth of it."""
_GZIP = 16 + zlib.MAX_WBITS


def logs(row: Task, provide: Provide = wiring.provide, timer: Timer = perf_counter) -> Handler:
    """The `lambda_handler` of `row`. Raises the Refusal, or Defect: all of it has to come again."""

    def lambda_handler(event: Event, context: Any) -> dict[str, Any]:
        seen = Observation(row, str(getattr(context, "aws_request_id", "") or "unknown"), timer)
        failure: Exception | None = None
        try:
            _append(row, lines_in(event), seen, provide)
        except Refusal as refusal:
            seen.refused(refusal)
            failure = refusal
        except Exception as error:  # the outermost wrapper: told by type and place only
            seen.failed(error)
            failure = Defect()
        tell(seen.line(503 if failure else 200), seen, provide)
        if failure is not None:
            raise failure from None
        return {}

    return lambda_handler


def lines_in(event: Event) -> tuple[str, ...]:
    """Those of one call, from the subscription itself or put aside and brought again by the queue. Raises Broken for what
    nobody can read."""
    try:
        told = (
            _brought_again(event["Records"]) if "Records" in event else LogsEvent.model_validate(event, extra="ignore")
        )
        packed = base64.b64decode(told.sent.data, validate=True)
        return LogBatch.model_validate_json(_unpacked(packed), extra="ignore").lines
    except (KeyError, TypeError, ValueError, zlib.error):
        raise Broken("what was sent of a log cannot be read") from None


def _brought_again(records: Any) -> LogsEvent:
    (record,) = records
    body = record["body"]
    if len(body) > MAX_CHARACTERS:
        raise ValueError
    return LogsAside.model_validate_json(body, extra="ignore").event


def _unpacked(packed: bytes) -> bytes:
    unpacking = zlib.decompressobj(_GZIP)
    told = unpacking.decompress(packed, MAX_UNPACKED)
    if not unpacking.eof:
        raise ValueError
    return told


def _append(row: Task, lines: tuple[str, ...], seen: Observation, provide: Provide) -> None:
    seen.batch(len(lines), len(lines))
    accesses = tuple(access for access in map(access_of, lines) if access)
    seen.passed_over(len(lines) - len(accesses))
    seen.performing()
    answer = perform(row, AccessBatch(lines=accesses), the_product(PLATFORM, row.area), seen.request_id, provide)
    seen.answered(answer)
    seen.batch(len(lines), 0)


def access_of(line: str) -> AccessLine | None:
    """The access that a line carries, if it is one that can become a leaf."""
    try:
        told = record_in(json.loads(line)) if len(line) <= MAX_LINE else None
        access = AccessLine.model_validate_json(json.dumps(told)) if told else None
        if access:
            text_of(access.entry)
        return access
    except (KeyError, TypeError, ValueError, RecursionError, Malformed):
        return None
