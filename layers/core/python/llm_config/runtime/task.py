"""A task as the handler of a step of a state machine: its input is the request, its result the answer's body.

A refusal leaves the handler as what it is, so that its class is the error's name to the state machine, which retries
what may pass and catches the rest.
"""

from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any

from llm_config.operations.operation import Task
from llm_config.operations.perform import Provide, perform
from llm_config.runtime import wiring
from llm_config.runtime.observability import Observation, Timer, spans_of, tell
from llm_config.runtime.requests import task_request
from llm_config_domain.callers import the_product
from llm_config_domain.errors import Refusal
from llm_config_domain.names import PLATFORM, TenantId

Input = Mapping[str, Any]
Handler = Callable[[Input, Any], dict[str, Any]]
PARTS = {"rotations": "rotation"}
"""What a part of the product is called in the record, where that is not its area; rotations' targets are told so too."""


class Defect(Exception):
    """What nobody foresaw: its own text may hold input, so it stays here."""


def task(row: Task, provide: Provide = wiring.provide, timer: Timer = perf_counter) -> Handler:
    """The `lambda_handler` of `row`. Raises the Refusal, or Defect."""

    def lambda_handler(event: Input, context: Any) -> dict[str, Any]:
        return run_task(row, event, str(getattr(context, "aws_request_id", "") or "unknown"), provide, timer)

    return lambda_handler


def run_task(row: Task, event: Input, request_id: str, provide: Provide, timer: Timer = perf_counter) -> dict[str, Any]:
    """One request of a task, with its line in the log. A request that names no tenant is the platform's."""
    seen = Observation(row, request_id, timer)
    spans = spans_of(provide)
    failure: Exception | None = None
    result: dict[str, Any] = {}
    try:
        result = _performed(row, event, seen, spans.provide if spans else provide)
    except Refusal as refusal:
        seen.refused(refusal)
        failure = refusal
    except Exception as error:  # the outermost wrapper: told by type and place only
        seen.failed(error)
        failure = Defect()
    tell(seen.line(500 if isinstance(failure, Defect) else 422 if failure else 200), seen, provide, spans)
    if failure is not None:
        raise failure from None
    return result


def _performed(row: Task, event: Input, seen: Observation, provide: Provide) -> dict[str, Any]:
    request = task_request(row.request, event)
    caller = the_product(TenantId(getattr(request, "tenant", PLATFORM)), PARTS.get(row.area, row.area))
    seen.known(caller)
    seen.performing()
    answer = perform(row, request, caller, seen.request_id, provide)
    seen.answered(answer)
    return answer.body.model_dump() if answer.body else {}
