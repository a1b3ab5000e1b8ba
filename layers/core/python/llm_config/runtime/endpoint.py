"""An operation as a Lambda handler behind API Gateway: identify, read the request, perform, write the answer."""

from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any

from llm_config.operations.operation import Answer, Operation
from llm_config.operations.perform import Provide, perform
from llm_config.runtime import wiring
from llm_config.runtime.authenticate import authenticate, record_failure, source_ip
from llm_config.runtime.content import sent
from llm_config.runtime.observability import Observation, Timer, spans_of, tell
from llm_config.runtime.problems import problem
from llm_config.runtime.receipts import receipt_headers, wants_receipt
from llm_config.runtime.requests import Event, request_of
from llm_config_domain import json_text
from llm_config_domain.callers import NOBODY, Caller
from llm_config_domain.errors import NotAcceptable, Refusal, Unauthenticated
from llm_config_domain.versions import matches

Handler = Callable[[Event, Any], dict[str, Any]]


def endpoint(operation: Operation, provide: Provide = wiring.provide, timer: Timer = perf_counter) -> Handler:
    """The `lambda_handler` of `operation`."""

    def lambda_handler(event: Event, context: Any) -> dict[str, Any]:
        seen = Observation(operation, _request_id(event, context), timer)
        spans = spans_of(provide)
        try:
            reply = _answer(operation, event, seen, spans.provide if spans else provide)
        except Refusal as refusal:
            seen.refused(refusal)
            reply = problem(refusal, seen.request_id, _no_store(operation))
        except Exception as error:  # the outermost wrapper: what nobody foresaw is told by type and place only
            seen.failed(error)
            reply = problem(Refusal(), seen.request_id, _no_store(operation))
        tell(seen.line(reply["statusCode"]), seen, provide, spans)
        return reply

    return lambda_handler


def _answer(operation: Operation, event: Event, seen: Observation, provide: Provide) -> dict[str, Any]:
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    seen.asked(headers)
    _check_accept(headers.get("accept", "*/*"))
    caller = NOBODY if operation.public else _caller(event, headers, seen, provide)
    request = request_of(operation.request, event, headers)
    seen.performing()
    answer = perform(operation, request, caller, seen.request_id, provide, receipt=wants_receipt(headers))
    seen.answered(answer)
    return _reply(operation, answer, headers, seen.request_id)


def _caller(event: Event, headers: Mapping[str, str], seen: Observation, provide: Provide) -> Caller:
    try:
        caller = authenticate(headers, provide, source_ip(event))
    except Unauthenticated as refusal:
        record_failure(refusal, event, seen.request_id, provide)
        raise
    seen.known(caller)
    return caller


def _reply(operation: Operation, answer: Answer, headers: Mapping[str, str], request_id: str) -> dict[str, Any]:
    told = {"X-Request-Id": request_id, **_no_store(operation)}
    told |= _believed(answer)
    if answer.etag:
        told["ETag"] = answer.etag
    if answer.receipt:
        told |= receipt_headers(answer.receipt)
    if answer.replayed:
        told["Idempotency-Replayed"] = "true"
    known = headers.get("if-none-match")
    if operation.method == "GET" and answer.etag and known and matches(known, answer.etag, weak=True):
        return {"statusCode": 304, "headers": told, "body": ""}
    if answer.body is None:
        return {"statusCode": 204, "headers": told, "body": ""}
    told["Content-Type"] = "application/json"
    if (answer.created or answer.accepted) and answer.location:
        told["Location"] = answer.location
    body = json_text.write(answer.body.model_dump(by_alias=True))
    status = 201 if answer.created else 202 if answer.accepted else 200
    if not operation.streams:
        return {"statusCode": status, "headers": told, "body": body}
    about, content = sent(body, headers)
    return {"statusCode": status, "headers": told | about, **content}


def _believed(answer: Answer) -> dict[str, str]:
    """What a cache of the caller's may do with the answer (RFC 9111); another credential is another's answer."""
    if answer.disclosed:
        return {"Cache-Control": "no-store"}
    if answer.believed is None:
        return {}
    seconds, age = answer.believed
    return {"Cache-Control": f"private, max-age={seconds}", "Age": str(age), "Vary": "Authorization, X-API-Key"}


def _no_store(operation: Operation) -> dict[str, str]:
    return {"Cache-Control": "no-store"} if operation.holds_secret else {}


def _request_id(event: Event, context: Any) -> str:
    given = (event.get("requestContext") or {}).get("requestId")
    return str(given or getattr(context, "aws_request_id", "") or "unknown")


def _check_accept(accept: str) -> None:
    """Raises NotAcceptable when JSON is none of the media ranges (RFC 9110 section 12.5.1)."""
    for media_range in accept.split(","):
        kind, *parameters = (part.strip().lower() for part in media_range.split(";"))
        refused = any(parameter.replace(" ", "") in ("q=0", "q=0.0", "q=0.00", "q=0.000") for parameter in parameters)
        if kind in ("*/*", "application/*", "application/json", "") and not refused:
            return
    raise NotAcceptable
