"""A task as a Lambda handler behind a stream or a queue: the batch is read, performed, and what failed is named, so that
this alone comes again.

What cannot be read is a failure of that record and of no other: its source tries it as often as it is configured to and
then puts it aside (docs/events.md). A handler raises nothing, for what Lambda writes of an exception may quote a record.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from time import perf_counter
from typing import Any

from pydantic import ValidationError

from llm_config.operations.operation import Task
from llm_config.operations.perform import Provide, perform
from llm_config.runtime import wiring
from llm_config.runtime.followed_lines import done_with
from llm_config.runtime.observability import Observation, Timer, tell
from llm_config_contract.events import Published
from llm_config_contract.journal import JournalRow, Undelivered
from llm_config_contract.subscriptions import Unserved
from llm_config_contract.wire import Wire
from llm_config_domain.callers import the_product
from llm_config_domain.errors import Broken, Refusal, Unavailable
from llm_config_domain.names import PLATFORM

Record = Mapping[str, Any]
Consumer = Callable[[Mapping[str, Any], Any], dict[str, Any]]
Taken = Mapping[str, Any]
"""Record's identifier -> what was read in it."""
WHOLE_BATCH = ""
"""The identifier of a record that has none; Lambda takes it for all of the batch ("Reporting batch item failures")."""
MAX_CHARACTERS = 1024 * 1024
"""Of one record: an item of DynamoDB and a message of SQS are smaller."""


def stream(task: Task, provide: Provide = wiring.provide, timer: Timer = perf_counter) -> Consumer:
    """The `lambda_handler` of a task that follows the journal: one request for all new rows of a batch, and its answer
    (`Undelivered`) says which have to come again. What became of rows later is no concern of it."""

    def deliver(rows: Taken, seen: Observation) -> set[str]:
        request = task.request.model_validate({"entries": tuple(rows.values())})
        answer = _performed(task, request, seen, provide)
        again = answer.ids if isinstance(answer, Undelivered) else ()
        if again:
            seen.refused(Unavailable())
        return {sequence for sequence, row in rows.items() if row.id in again}

    def work(records: Iterable[Record], seen: Observation) -> set[str]:
        new = [record for record in records if record.get("eventName") == "INSERT"]
        rows, unread = _read(new, _sequence, _row)
        failed = _attempt(deliver, rows, seen)
        _mark(task, [record for record in new if _sequence(record) in rows.keys() - failed], provide)
        return failed | _noted(unread, seen)

    return _consumer(task, _sequence, work, provide, timer)


def queue(task: Task, provide: Provide = wiring.provide, timer: Timer = perf_counter) -> Consumer:
    """The `lambda_handler` of a task behind a queue: the body of each message is one request, and fails alone."""

    def deliver(requests: Taken, seen: Observation) -> set[str]:
        for request in requests.values():
            _performed(task, request, seen, provide)
        return set()

    def work(records: Iterable[Record], seen: Observation) -> set[str]:
        requests, unread = _read(records, _message_id, lambda record: _request(task, record))
        failed = {one for key in requests for one in _attempt(deliver, {key: requests[key]}, seen)}
        return failed | _noted(unread, seen)

    return _consumer(task, _message_id, work, provide, timer)


def changes(task: Task, provide: Provide = wiring.provide, timer: Timer = perf_counter) -> Consumer:
    """The `lambda_handler` of a task behind a queue of published events: one request for the tenants of a batch, and its
    answer (`Unserved`) says whose messages have to come again."""

    def deliver(owners: Taken, seen: Observation) -> set[str]:
        request = task.request.model_validate({"tenants": tuple(dict.fromkeys(owners.values()))})
        answer = _performed(task, request, seen, provide)
        again = answer.tenants if isinstance(answer, Unserved) else ()
        if again:
            seen.refused(Unavailable())
        return {message for message, owner in owners.items() if owner in again}

    def work(records: Iterable[Record], seen: Observation) -> set[str]:
        owners, unread = _read(records, _message_id, _owner)
        return _attempt(deliver, owners, seen) | _noted(unread, seen)

    return _consumer(task, _message_id, work, provide, timer)


def _consumer(
    task: Task,
    identifier: Callable[[Record], str],
    work: Callable[[Iterable[Record], Observation], set[str]],
    provide: Provide,
    timer: Timer,
) -> Consumer:
    def lambda_handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        records = event.get("Records") or []
        seen = Observation(task, getattr(context, "aws_request_id", "") or "unknown", timer)
        failed = work(records, seen)
        again = [told for record in records if (told := identifier(record)) in failed]
        seen.batch(len(records), len(again))
        tell(seen.line(503 if again else 200), seen, provide)
        return {"batchItemFailures": [{"itemIdentifier": told} for told in again]}

    return lambda_handler


def _attempt(deliver: Callable[[Taken, Observation], set[str]], taken: Taken, seen: Observation) -> set[str]:
    """The identifiers of what has to come again. A defect may be one record's: then each is tried alone."""
    if not taken:
        return set()
    try:
        return deliver(taken, seen)
    except Refusal as refusal:
        seen.refused(refusal)
    except Exception as error:  # the outermost wrapper: what nobody foresaw is told by type and place only
        if len(taken) > 1:
            return {one for key in taken for one in _attempt(deliver, {key: taken[key]}, seen)}
        seen.failed(error)
    return set(taken)


def _performed(task: Task, request: Wire, seen: Observation, provide: Provide) -> Any:
    seen.performing()
    answer = perform(task, request, the_product(PLATFORM, task.area), seen.request_id, provide)
    seen.answered(answer)
    return answer.body


def _read(
    records: Iterable[Record], identifier: Callable[[Record], str], read: Callable[[Record], Any]
) -> tuple[dict[str, Any], set[str]]:
    """What was read, and the identifiers of what cannot be."""
    found: dict[str, Any] = {}
    unread: set[str] = set()
    for record in records:
        try:
            found[identifier(record)] = read(record)
        except (KeyError, TypeError, ValidationError):
            unread.add(identifier(record))
    return found, unread


def _noted(unread: set[str], seen: Observation) -> set[str]:
    """What the product cannot read of what it wrote is a defect, whatever else the batch met."""
    if unread:
        seen.refused(Broken())
    return unread


def _mark(task: Task, taken: Iterable[Record], provide: Provide) -> None:
    """A mark that cannot be moved stays where it is, and the sweep brings again what is behind it: the rows are taken."""
    done = done_with(taken)
    if done:
        with suppress(Refusal):
            provide("journal_marks").move(task.name, done)


def _row(record: Record) -> JournalRow:
    return JournalRow.model_validate_json(_bounded(record["dynamodb"]["NewImage"]["entry"]["S"]))


def _request(task: Task, record: Record) -> Wire:
    return task.request.model_validate_json(_bounded(record["body"]))


def _owner(record: Record) -> str:
    """The tenant of the event that a rule of EventBridge has put into the message."""
    return Published.model_validate_json(_bounded(record["body"]), extra="ignore").owner


def _bounded(text: str) -> str:
    if len(text) > MAX_CHARACTERS:
        raise TypeError
    return text


def _sequence(record: Record) -> str:
    return _text(record.get("dynamodb"), "SequenceNumber")


def _message_id(record: Record) -> str:
    return _text(record, "messageId")


def _text(told: Any, name: str) -> str:
    found = told.get(name) if isinstance(told, Mapping) else None
    return found if isinstance(found, str) else WHOLE_BATCH
