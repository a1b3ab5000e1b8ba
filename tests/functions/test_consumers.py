"""Batches of a stream and of a queue: what failed is named, alone, and nothing of a record is told to anybody."""

import json
from dataclasses import replace
from typing import Any

import pytest

from llm_config.operations.events.publish_changes import PUBLISH_CHANGES
from llm_config.operations.operation import Answer, Task, Trigger
from llm_config.runtime.consumer import queue, stream
from llm_config_contract.journal import JournalBatch, Undelivered
from llm_config_contract.wire import Wire
from llm_config_domain.errors import Contended, Unavailable
from llm_config_domain.journal import Actor, JournalEntry, Result
from llm_config_domain.names import TenantId
from llm_config_domain.policy import Resource

CANARY = "canary-91c5"
TENANT = TenantId("01M7XB2CPDX901Z538HPJ3CH8B")


class Lines:
    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []

    def write(self, line: dict[str, Any]) -> None:
        self.told.append(line)


class Greeting(Wire):
    word: str


class Room:
    """The port of the tasks here: it keeps what it hears, and fails as it is told to."""

    def __init__(self, **fails: Exception) -> None:
        self.heard: list[str] = []
        self._fails = fails

    def hear(self, word: str) -> None:
        if word in self._fails:
            raise self._fails[word]
        self.heard.append(word)


def greet(request: Greeting, *, room: Room) -> Answer:
    room.hear(request.word)
    return Answer(None)


def follow(request: JournalBatch, *, room: Room) -> Answer:
    late = [row.id for row in request.entries if row.event_type == "late"]
    for row in request.entries:
        room.hear(row.id)
    return Answer(Undelivered(ids=tuple(late)))


GREET = Task(
    name="greet", summary="", action="events:greet", request=Greeting, run=greet, recorded=None, trigger=Trigger.QUEUE
)
FOLLOW = replace(GREET, name="follow", request=JournalBatch, run=follow, trigger=Trigger.STREAM)


def entry(entry_id: str, event_type: str = "config.updated") -> JournalEntry:
    return JournalEntry(
        id=entry_id,
        at="2026-01-02T03:04:05.678Z",
        tenant=TENANT,
        event_type=event_type,
        severity="info",
        actor=Actor(CANARY, "user", ("operator",)),
        action="configs:write",
        resource=Resource("configs", f"{CANARY}/key", "production"),
        result=Result("success"),
        request_id="r",
        metadata={"reason": CANARY, "version": 1, "previous_version": None, "revision": 1, "change_type": "create"},
    )


def row(sequence: str, text: str, event_name: str = "INSERT") -> dict[str, Any]:
    return {"eventName": event_name, "dynamodb": {"SequenceNumber": sequence, "NewImage": {"entry": {"S": text}}}}


def rows(*told: JournalEntry) -> list[dict[str, Any]]:
    return [row(f"s-{each.id}", json.dumps(each.to_record())) for each in told]


def message(message_id: str, body: str) -> dict[str, Any]:
    return {"messageId": message_id, "body": body}


def handled(make: Any, task: Task, room: Room, records: list[Any]) -> tuple[list[str], dict[str, Any]]:
    """(the identifiers of what failed, the line)."""
    lines = Lines()
    told = make(task, {"room": room, "request_log": lines}.__getitem__)({"Records": records}, None)
    (line,) = lines.told
    assert CANARY not in json.dumps([told, line])
    return [failure["itemIdentifier"] for failure in told["batchItemFailures"]], line


def test_a_stream_is_one_request_of_all_new_rows_and_one_line() -> None:
    room = Room()
    failed, line = handled(stream, FOLLOW, room, rows(entry("1"), entry("2")))
    assert (failed, room.heard) == ([], ["1", "2"])
    assert (line["operation"], line["status"], line["http_status"]) == ("follow", "success", 200)
    assert (line["records"], line["failed_records"], line["level"]) == (2, 0, "INFO")


def test_what_the_task_says_is_late_comes_again_and_nothing_else() -> None:
    failed, line = handled(stream, FOLLOW, Room(), rows(entry("1"), entry("2", "late"), entry("3")))
    assert failed == ["s-2"]
    assert (line["level"], line["kind"], line["failed_records"]) == ("WARNING", "unavailable", 1)


def test_when_a_task_is_refused_all_that_it_was_given_comes_again() -> None:
    failed, line = handled(stream, FOLLOW, Room(**{"2": Contended()}), rows(entry("1"), entry("2")))
    assert failed == ["s-1", "s-2"]
    assert (line["level"], line["kind"], line["status"]) == ("WARNING", "contended", "failed")


UNREADABLE = [
    pytest.param("", id="nothing"),
    pytest.param(f'{{"id": "{CANARY}"}}', id="half an entry"),
    pytest.param(json.dumps({**entry("9").to_record(), CANARY: CANARY}), id="a member too many"),
    pytest.param(json.dumps({**entry("9").to_record(), "at": 7}), id="a number for a text"),
    pytest.param("[" * 100_000, id="deep"),
    pytest.param(f'"{CANARY}', id="no JSON"),
    pytest.param(json.dumps({**entry("9").to_record(), "id": "x" * 2_000_000}), id="endless"),
]


@pytest.mark.parametrize("text", UNREADABLE)
def test_a_row_that_cannot_be_read_fails_alone(text: str) -> None:
    room, (first, last) = Room(), rows(entry("1"), entry("2"))
    failed, line = handled(stream, FOLLOW, room, [first, row("poison", text), last])
    assert (failed, room.heard) == (["poison"], ["1", "2"])
    assert (line["level"], line["kind"], line["failed_records"]) == ("ERROR", "broken", 1)


@pytest.mark.parametrize("text", UNREADABLE)
def test_a_message_that_cannot_be_read_fails_alone(text: str) -> None:
    room, good = Room(), message("m-1", '{"word": "hello"}')
    failed, line = handled(queue, GREET, room, [good, message("poison", text), message("m-2", '{"word": "world"}')])
    assert (failed, room.heard) == (["poison"], ["hello", "world"])
    assert (line["level"], line["kind"]) == ("ERROR", "broken")


def test_a_row_that_only_a_defect_of_ours_fails_on_fails_alone() -> None:
    room = Room(**{"2": RuntimeError(CANARY)})
    failed, line = handled(stream, FOLLOW, room, rows(entry("1"), entry("2"), entry("3")))
    assert failed == ["s-2"]
    assert {"1", "3"} <= set(room.heard)
    assert (line["level"], line["error"]) == ("ERROR", "RuntimeError")


@pytest.mark.parametrize("fails", [Unavailable(), RuntimeError(CANARY)], ids=["a refusal", "a defect"])
def test_a_message_that_fails_holds_up_no_other(fails: Exception) -> None:
    room = Room(two=fails)
    told = [message(f"m-{word}", json.dumps({"word": word})) for word in ("one", "two", "three")]
    failed, line = handled(queue, GREET, room, told)
    assert (failed, room.heard) == (["m-two"], ["one", "three"])
    assert (line["records"], line["failed_records"], line["http_status"]) == (3, 1, 503)


@pytest.mark.parametrize("event_name", ["MODIFY", "REMOVE"])
def test_what_becomes_of_a_row_later_is_no_concern_of_a_stream(event_name: str) -> None:
    room = Room()
    failed, line = handled(stream, FOLLOW, room, [row("s-1", "", event_name)])
    assert (failed, room.heard, line["status"]) == ([], [], "success")


@pytest.mark.parametrize(
    ("make", "task", "records"),
    [
        pytest.param(stream, FOLLOW, [{"eventName": "INSERT"}], id="stream"),
        pytest.param(
            stream, FOLLOW, [{"eventName": "INSERT", "dynamodb": {"SequenceNumber": 1}}], id="stream, a number"
        ),
        pytest.param(queue, GREET, [{"body": "{}"}], id="queue"),
    ],
)
def test_a_record_without_a_name_makes_the_whole_batch_come_again(make: Any, task: Task, records: list[Any]) -> None:
    """An empty identifier is Lambda's word for that."""
    assert handled(make, task, Room(), records)[0] == [""]


@pytest.mark.parametrize(("make", "task"), [(stream, FOLLOW), (queue, GREET)], ids=["stream", "queue"])
def test_an_empty_batch_is_done(make: Any, task: Task) -> None:
    assert handled(make, task, Room(), [])[0] == []


def test_a_task_knows_the_request_by_lambdas_number() -> None:
    class Context:
        aws_request_id = "8a7c"

    lines = Lines()
    stream(FOLLOW, {"room": Room(), "request_log": lines}.__getitem__)({"Records": []}, Context())
    assert lines.told[0]["request_id"] == "8a7c"


def test_rows_that_are_no_events_ask_nothing_of_the_bus() -> None:
    class NoBus:
        def publish(self, events: list[Any]) -> list[str]:
            assert events == []
            return []

    lines = Lines()
    handler = stream(PUBLISH_CHANGES, {"event_bus": NoBus(), "request_log": lines}.__getitem__)
    assert handler({"Records": rows(entry("1", "secret.accessed"))}, None) == {"batchItemFailures": []}
