"""A task as a Lambda handler behind a route of API Gateway's WebSocket API: a connection that opens, says something or ends.

The status of an answer to `$connect` is the handshake's; the gateway tells nobody what the others answer. Only a handshake
has headers, so it alone brings a credential, and what comes after it is taken by the id of its connection.
"""

from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any

from llm_config.operations.needs import OPENING
from llm_config.operations.operation import Task
from llm_config.operations.perform import Provide, perform
from llm_config.runtime import wiring
from llm_config.runtime.authenticate import Identity, identify, record_failure, source_ip
from llm_config.runtime.observability import Observation, Timer, tell
from llm_config.runtime.problems import problem
from llm_config.runtime.requests import Event, task_request
from llm_config_domain.callers import Caller, the_product
from llm_config_domain.errors import Malformed, Refusal, Unauthenticated
from llm_config_domain.names import PLATFORM

Handler = Callable[[Event, Any], dict[str, Any]]


def socket(task: Task, provide: Provide = wiring.provide, timer: Timer = perf_counter) -> Handler:
    """The `lambda_handler` of `task`."""

    def lambda_handler(event: Event, context: Any) -> dict[str, Any]:
        told = event.get("requestContext") or {}
        seen = Observation(task, str(told.get("requestId") or "unknown"), timer)
        try:
            reply = _answer(task, event, told, seen, provide)
        except Refusal as refusal:
            seen.refused(refusal)
            reply = problem(refusal, seen.request_id)
        except Exception as error:  # the outermost wrapper: what nobody foresaw is told by type and place only
            seen.failed(error)
            reply = problem(Refusal(), seen.request_id)
        tell(seen.line(reply["statusCode"]), seen, provide)
        return reply

    return lambda_handler


def _answer(task: Task, event: Event, told: Mapping[str, Any], seen: Observation, provide: Provide) -> dict[str, Any]:
    caller, given = the_product(PLATFORM, task.area), {"connection": told.get("connectionId")}
    if task.route == OPENING:
        caller, proven = _opened(event, seen, provide)
        given |= proven
    elif task.route == "$default":
        given["message"] = event.get("body") or ""
    request = task_request(task.request, given)
    seen.performing()
    seen.answered(perform(task, request, caller, seen.request_id, provide))
    return {"statusCode": 200, "headers": {"X-Request-Id": seen.request_id}}


def _opened(event: Event, seen: Observation, provide: Provide) -> tuple[Caller, dict[str, Any]]:
    """Who this is, and what of the credential is kept."""
    if event.get("queryStringParameters"):
        raise Malformed("a handshake takes no query: the credential is a header, and a message subscribes")
    found = _identity(event, seen, provide)
    seen.known(found.caller)
    return found.caller, {"credential_ends": found.ends, "api_key": found.api_key}


def _identity(event: Event, seen: Observation, provide: Provide) -> Identity:
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    seen.asked(headers)
    try:
        return identify(headers, provide, source_ip(event))
    except Unauthenticated as refusal:
        record_failure(refusal, event, seen.request_id, provide)
        raise
