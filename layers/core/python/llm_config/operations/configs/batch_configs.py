"""Change several configs together: all of them at once, or each for itself."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.ports.config_writer import ConfigWriter, Step
from llm_config.ports.identifiers import Identifiers
from llm_config_contract.configs import BatchConfigsRequest, BatchOperation, BatchResult, BatchResults
from llm_config_contract.problems import STATUS
from llm_config_domain.configs.changes import Amendment, Change, Deletion, Replacement, Source
from llm_config_domain.configs.entries import ConfigDraft, ConfigMetadata, ConfigVersion
from llm_config_domain.configs.patches import apply_merge_patch, apply_patch
from llm_config_domain.errors import IdempotencyMismatch, Malformed, Refusal, TooLarge, Violation
from llm_config_domain.names import split_path
from llm_config_domain.policy import Resource
from llm_config_domain.versions import ChangeType, Preconditions

MAX_OPERATIONS = 30
MAX_NAMESPACES = 8
"""What one transaction of the store can hold."""


def batch_configs(
    request: BatchConfigsRequest, context: Context, *, config_writer: ConfigWriter, identifiers: Identifiers
) -> Answer:
    _check(request.operations)
    if request.atomic:
        return _all_or_none(request, context, config_writer, identifiers)
    done = [_alone(request, index, context, config_writer, identifiers) for index in range(len(request.operations))]
    body = BatchResults(results=[result for result, _ in done], dry_run=request.dry_run)
    return Answer(body, replayed=any(replayed for _, replayed in done), unchanged=request.dry_run)


def _all_or_none(
    request: BatchConfigsRequest, context: Context, writer: ConfigWriter, identifiers: Identifiers
) -> Answer:
    steps = [_step(request, index, context, identifiers) for index in range(len(request.operations))]
    done = writer.write(steps, idempotency=context.idempotency, dry_run=request.dry_run)
    results = [_done(index, version) for index, version in enumerate(done.version)]
    body = BatchResults(results=results, dry_run=request.dry_run)
    return Answer(body, replayed=done.replayed, unchanged=request.dry_run)


def _alone(
    request: BatchConfigsRequest, index: int, context: Context, writer: ConfigWriter, identifiers: Identifiers
) -> tuple[BatchResult, bool]:
    """What became of one operation, and whether an earlier request did it; its place in the batch is a part of its
    promise not to repeat. Raises IdempotencyMismatch: the promise is of the whole batch."""
    promise = context.idempotency
    if promise is not None:
        promise = replace(promise, key=f"{promise.key}#{index}")
    try:
        step = _step(request, index, context, identifiers)
        done = writer.write([step], idempotency=promise, dry_run=request.dry_run)
    except IdempotencyMismatch:
        raise
    except Refusal as refusal:
        refused = BatchResult(
            operation_index=index, status=STATUS[refusal.kind], kind=refusal.kind, detail=refusal.detail
        )
        return refused, False
    return _done(index, done.version[0]), done.replayed


def _check(operations: Sequence[BatchOperation]) -> None:
    """Raises TooLarge, Malformed."""
    if len(operations) > MAX_OPERATIONS:
        raise TooLarge("a batch has at most 30 operations", limit=MAX_OPERATIONS, current=len(operations))
    namespaces = {split_path(one.path)[0] for one in operations}
    if len(namespaces) > MAX_NAMESPACES:
        raise TooLarge("a batch is about at most 8 namespaces", limit=MAX_NAMESPACES, current=len(namespaces))
    seen: set[tuple[str, str]] = set()
    for index, one in enumerate(operations):
        if (one.path, one.environment) in seen:
            repeated = Violation(f"/operations/{index}", "repeated", "an earlier operation is about the same entry")
            raise Malformed("a batch changes each entry once", violations=[repeated])
        seen.add((one.path, one.environment))


def _step(request: BatchConfigsRequest, index: int, context: Context, identifiers: Identifiers) -> Step:
    one = request.operations[index]
    entry = replace(context.entry, id=identifiers.ulid(), resource=Resource("configs", one.path, one.environment))
    with _at(index):
        signature: dict[str, Any] = {
            "author": context.caller.subject,
            "new_id": identifiers.ulid(),
            "reason": one.reason or request.reason,
            "preconditions": Preconditions(one.if_match, one.if_none_match, must_be_new=one.operation == "create"),
        }
        change = _change(one, signature)
        return Step(context.name(one.path, one.environment), _Located(change=change, index=index, **signature), entry)


def _change(one: BatchOperation, signature: dict[str, Any]) -> Change:
    if one.operation == "delete":
        return Deletion(**signature)
    if "value" not in one.model_fields_set:
        raise Malformed("this operation needs a value", violations=[Violation("/value", "missing", "it is required")])
    if one.operation == "patch":
        if isinstance(one.value, list):
            return Amendment(apply=partial(apply_patch, operations=one.value), **signature)
        return Amendment(apply=partial(apply_merge_patch, patch=one.value), **signature)
    return Replacement.of(one.value, classification=one.classification, tags=one.tags, **signature)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Located(Change):
    """A change whose refusals say where in the batch it stands."""

    change: Change
    index: int

    def wants(self, current: ConfigMetadata | None) -> Source:
        with _at(self.index):
            return self.change.wants(current)

    def draft(self, current: ConfigMetadata | None, source: ConfigVersion | None) -> ConfigDraft:
        with _at(self.index):
            return self.change.draft(current, source)


@contextmanager
def _at(index: int) -> Iterator[None]:
    place = f"/operations/{index}"
    try:
        yield
    except Refusal as refusal:
        inner = [replace(violation, path=place + violation.path) for violation in refusal.violations]
        refusal.violations = tuple(inner) or (Violation(place, refusal.kind, refusal.detail),)
        raise


def _done(index: int, version: ConfigVersion) -> BatchResult:
    status = {ChangeType.CREATE: 201, ChangeType.DELETE: 204}.get(version.change_type, 200)
    return BatchResult(operation_index=index, status=status, version=version.version)


BATCH_CONFIGS = Operation(
    name="batch_configs",
    summary="Change several configs together",
    action="configs:write",
    method="POST",
    path="/api/v1/config-batches",
    request=BatchConfigsRequest,
    response=BatchResults,
    run=batch_configs,
    foreseen=False,
    recorded=Recorded.WITH_CHANGE,
    event_type="config.write",
)
