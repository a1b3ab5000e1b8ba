"""A task as the handler of a minute that has come: it is performed for each thing that is due."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from llm_config.operations.operation import Task
from llm_config.operations.perform import Provide
from llm_config.runtime import wiring
from llm_config.runtime.task import Defect, run_task
from llm_config_domain import times
from llm_config_domain.errors import Refusal
from llm_config_domain.rotation.agenda import Due
from llm_config_domain.secrets.expiry import Ending

AT_ONCE = 200
"""Of what is due in one minute; the rest is due in the next one too."""
Handler = Callable[[Mapping[str, Any], Any], dict[str, int]]


def ticks(row: Task, provide: Provide = wiring.provide) -> Handler:
    """The `lambda_handler` of `row`. One that fails leaves the others alone: it is due again in a minute."""

    def lambda_handler(event: Mapping[str, Any], context: Any) -> dict[str, int]:
        due = provide(row.agenda).due(times.rfc3339(provide("clock").now()), AT_ONCE)
        request_id = str(getattr(context, "aws_request_id", "") or "unknown")
        return {"due": len(due), "ran": sum(ran(row, one, request_id, provide) for one in due)}

    return lambda_handler


def ran(row: Task, due: Due | Ending, request_id: str, provide: Provide) -> bool:
    """Whether what is due could be performed."""
    with suppress(Refusal, Defect):
        run_task(row, due.to_record(), request_id, provide)
        return True
    return False


def schedule(row: Task, provide: Provide = wiring.provide) -> Callable[[Mapping[str, Any], Any], dict[str, bool]]:
    """The `lambda_handler` of a row that is asked for at set times. One that fails is asked for again the next time."""

    def lambda_handler(event: Mapping[str, Any], context: Any) -> dict[str, bool]:
        return {"ran": ran_once(row, str(getattr(context, "aws_request_id", "") or "unknown"), provide)}

    return lambda_handler


def ran_once(row: Task, request_id: str, provide: Provide) -> bool:
    """Whether what is asked for at set times could be performed."""
    with suppress(Refusal, Defect):
        run_task(row, {}, request_id, provide)
        return True
    return False
