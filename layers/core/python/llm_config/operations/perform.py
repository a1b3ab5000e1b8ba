"""The one door: every operation, from whatever trigger, passes here.

Decide, run, record, release. A refusal by policy is on record before it is told; a change carries its record in its
own transaction; a secret waits for its record; what cannot be recorded does not happen.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from llm_config.operations.operation import Answer, Context, Operation, Recorded, Row
from llm_config.operations.own_tenant import own_tenant
from llm_config_contract.wire import Wire
from llm_config_domain import json_text, times
from llm_config_domain.audit.receipts import receipt_for
from llm_config_domain.callers import Caller
from llm_config_domain.errors import ForeignCursor, NotFound, PermissionDenied, Refusal, Unauthenticated
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import Actor, JournalEntry, Result
from llm_config_domain.names import PLATFORM
from llm_config_domain.policy import Decision, Resource, decide, decide_some

Provide = Callable[[str], Any]


def perform(
    operation: Row, request: Wire, caller: Caller, request_id: str, provide: Provide, *, receipt: bool = False
) -> Answer:
    """Run `operation` for `caller`, who may want a `receipt`. Raises a Refusal of any kind; then nothing was changed and
    no secret was released."""
    if operation.recorded is None:
        return operation.run(request, **_ports(operation, provide))
    entry = _entry(operation, request, caller, request_id, provide)
    context = Context(caller, entry, provide("clock").monotonic(), _idempotency(operation, request, caller, provide))
    try:
        _decide(operation, request, caller, entry, provide)
        if receipt and isinstance(operation, Operation) and operation.promises:
            return _with_receipt(operation.recorded, operation, request, context, provide)
        return _RECORDING[operation.recorded](operation, request, context, provide)
    except (PermissionDenied, _Foreign):
        raise
    except ForeignCursor:
        provide("journal").append([_denied(entry, reason="tenant boundary", matched_rules=())])
        raise
    except Refusal as refusal:
        provide("access_log").note(_failed(entry, refusal, provide))
        raise


class _Foreign(NotFound):
    """Another tenant's: the same answer as an absent one, and on record already as a denial."""

    denied = True


def _ports(operation: Row, provide: Provide) -> dict[str, Any]:
    return {name: provide(name) for name in operation.ports}


def _entry(operation: Row, request: Wire, caller: Caller, request_id: str, provide: Provide) -> JournalEntry:
    return JournalEntry(
        id=provide("identifiers").ulid(),
        at=times.rfc3339(provide("clock").now()),
        tenant=caller.tenant,
        event_type=operation.event_type,
        severity="info",
        actor=Actor.of(caller),
        action=operation.action,
        resource=Resource(operation.resource_type, request.resource_id, request.resource_environment),
        result=Result("success"),
        request_id=request_id,
    )


def _decide(operation: Row, request: Wire, caller: Caller, entry: JournalEntry, provide: Provide) -> None:
    """Everything that the request touches must be allowed; the first thing that is not is on record before it is told."""
    for verb, resource in _touched(operation, request):
        foreign = _is_foreign(caller, resource, provide)
        decision = _decision(caller, verb, resource, request.scope)
        if foreign or not decision.allowed:
            told = {
                "reason": "tenant boundary" if foreign else decision.reason,
                "matched_rules": decision.matched_rules,
            }
            provide("journal").append([_denied(replace(entry, resource=resource), **told)])
            raise _Foreign("there is no such tenant") if foreign else PermissionDenied(decision.reason)
    _check_flow(operation, request, caller, entry, provide)


def _check_flow(operation: Row, request: Wire, caller: Caller, entry: JournalEntry, provide: Provide) -> None:
    """Nobody gets to read by a copy what may not be read where it is."""
    if request.flow is None:
        return
    here, there = (Resource(operation.resource_type, touch.id, touch.environment) for touch in request.flow)
    allowed = decide(caller, "read", here)
    if decide(caller, "read", there).allowed and not allowed.allowed:
        told = {"reason": "a way around", "matched_rules": allowed.matched_rules}
        provide("journal").append([_denied(replace(entry, resource=here), **told)])
        raise PermissionDenied(
            "you may read the other name and not this one: only who may read both can carry it there"
        )


def _touched(operation: Row, request: Wire) -> Iterator[tuple[str, Resource]]:
    for touch in request.touches:
        yield touch.verb or operation.verb, Resource(operation.resource_type, touch.id, touch.environment)


def _decision(caller: Caller, verb: str, resource: Resource, scope: str | None) -> Decision:
    if scope is None:
        return decide(caller, verb, resource)
    return decide_some(caller, verb, resource.type, scope, resource.environment)


def _is_foreign(caller: Caller, resource: Resource, provide: Provide) -> bool:
    if resource.type != "tenants" or not resource.id or caller.is_platform:
        return False
    own = own_tenant(caller, provide("tenant_reader"))
    return resource.id not in (own.id, own.name)


def _denied(entry: JournalEntry, **told: Any) -> JournalEntry:
    denied = replace(entry, event_type="access.denied", severity="warning", result=Result("denied"))
    return denied.with_metadata(**told)


def _idempotency(operation: Row, request: Wire, caller: Caller, provide: Provide) -> Idempotency | None:
    key = getattr(request, "idempotency_key", None)
    if key is None:
        return None
    body = json_text.canonical(request.model_dump(exclude={"idempotency_key"})).encode()
    salt = provide("identifiers").salt()
    return Idempotency(caller.tenant, operation.name, key, salt, body, operation.holds_secret)


def _run(operation: Row, request: Wire, context: Context, provide: Provide) -> Answer:
    answer = operation.run(request, context, **_ports(operation, provide))
    if answer.disclosed:
        provide("journal").append(_disclosures(answer, context, provide))
    return answer


def _run_then_append(operation: Row, request: Wire, context: Context, provide: Provide) -> Answer:
    answer = _run(operation, request, context, provide)
    provide("journal").append([_done(answer, context.entry, context, provide)])
    return answer


def _append_around(operation: Row, request: Wire, context: Context, provide: Provide) -> Answer:
    journal, entry = provide("journal"), context.entry
    journal.append([entry.with_metadata(phase="intent")])
    outcome = replace(entry, id=provide("identifiers").ulid()).with_metadata(phase="outcome", intent=entry.id)
    try:
        answer = _run(operation, request, context, provide)
    except Refusal as refusal:
        journal.append([_failed(outcome, refusal, provide)])
        raise
    journal.append([_done(answer, outcome, context, provide)])
    return answer


def _run_then_note(operation: Row, request: Wire, context: Context, provide: Provide) -> Answer:
    answer = _run(operation, request, context, provide)
    provide("access_log").note(_done(answer, context.entry, context, provide))
    return answer


def _run_with_change(operation: Row, request: Wire, context: Context, provide: Provide) -> Answer:
    answer = _run(operation, request, context, provide)
    if answer.unchanged:
        provide("access_log").note(_done(answer, context.entry, context, provide))
    return answer


_RECORDING: dict[Recorded, Callable[[Row, Wire, Context, Provide], Answer]] = {
    Recorded.WITH_CHANGE: _run_with_change,
    Recorded.BEFORE_RELEASE: _run_then_append,
    Recorded.INTENT_AND_OUTCOME: _append_around,
    Recorded.BEHIND: _run_then_note,
}


_AT_ONCE = {**_RECORDING, Recorded.BEHIND: _run_then_append}
"""As is promised where a receipt is given."""


def _with_receipt(recorded: Recorded, operation: Row, request: Wire, context: Context, provide: Provide) -> Answer:
    """The promise is signed before anything is done, so that what cannot be promised does not happen; what it is about
    is durable before the answer leaves. A repetition was recorded when it was done: there is nothing new to promise."""
    promise = provide("receipt_signer").sign(receipt_for(context.entry))
    answer = _AT_ONCE[recorded](operation, request, context, provide)
    return answer if answer.replayed or answer.unchanged else replace(answer, receipt=promise)


def _done(answer: Answer, entry: JournalEntry, context: Context, provide: Provide) -> JournalEntry:
    latency_ms = round((provide("clock").monotonic() - context.started) * 1000)
    return replace(entry, result=Result("success", latency_ms)).with_metadata(**answer.metadata)


def _failed(entry: JournalEntry, refusal: Refusal, provide: Provide) -> JournalEntry:
    """The record of a refusal; a credential of no active tenant is the platform's to know of.

    Its id is new: when the outcome is not known, the entry itself may stand in the journal already.
    """
    failed = replace(entry, id=provide("identifiers").ulid(), result=Result("failure"))
    failed = failed.with_metadata(kind=refusal.kind)
    if isinstance(refusal, Unauthenticated):
        return replace(failed, tenant=PLATFORM, event_type="authentication.failed", severity="warning")
    return failed


def _disclosures(answer: Answer, context: Context, provide: Provide) -> list[JournalEntry]:
    """One entry for each secret that the answer carries beside what it was asked for."""
    entry = _done(answer, context.entry, context, provide)
    return [
        replace(
            entry,
            id=provide("identifiers").ulid(),
            event_type="secret.accessed",
            action="secrets:read",
            resource=Resource("secrets", disclosure.name.path, disclosure.name.environment),
            metadata={"version": disclosure.version, "through": entry.resource.id},
        )
        for disclosure in answer.disclosed
    ]
