"""Batches of log lines: what carries an access is appended, what carries none is left, and nothing of a line is told."""

import base64
import json
import traceback
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from llm_config.adapters.log_stream.lines import LogStreamLines
from llm_config.operations.audit import append_reads
from llm_config.operations.audit.append_reads import APPEND_READS
from llm_config.runtime import logs as runtime
from llm_config.runtime.logs import logs
from llm_config.runtime.task import Defect
from llm_config_contract import log_lines
from llm_config_domain.errors import Broken, Unavailable
from llm_config_domain.journal import Actor, JournalEntry
from llm_config_domain.names import TenantId
from tests.support.clocks import SteppedClock
from tests.support.entries import numbered
from tests.support.log_batches import brought_again, packed, sent

CANARY = "canary-91c5"
TENANT = TenantId("01M7XB2CPDX901Z538HPJ3CH8B")
CONTAINER = "01M7XB2CPDX901Z538HPJ3CH8C"
REQUEST = {"level": "INFO", "request_id": "request-1", "tenant": TENANT, "operation": "get_config", "status": "success",
           "cache_level": "l1", "duration_ms": 1.5}  # fmt: skip


class House:
    """Stands behind the ports: it keeps what it is given, and fails as it is told to."""

    def __init__(self, fails: Exception | None = None) -> None:
        self.appended: list[JournalEntry] = []
        self.heard: dict[str, dict[int, str]] = {}
        self.told: list[dict[str, Any]] = []
        self.transactions: list[int] = []
        self.fails = fails

    def append(self, entries: Sequence[JournalEntry]) -> None:
        if self.fails:
            raise self.fails
        self.transactions.append(len(entries))
        self.appended += entries

    def hear(self, container: str, came: Mapping[int, str], at: str) -> None:
        self.heard.setdefault(container, {}).update(came)

    def write(self, line: dict[str, Any]) -> None:
        self.told.append(line)

    def provide(self, port: str) -> Any:
        return SteppedClock() if port == "clock" else self

    def take(self, event: Any) -> dict[str, Any]:
        """One call of the function: the line that it writes of it."""
        assert logs(APPEND_READS, self.provide)(event, None) == {}
        (line,) = self.told
        assert CANARY not in json.dumps(line)
        return line

    def refuse(self, event: Any) -> tuple[Exception, dict[str, Any]]:
        """One call that fails: what it raises, and its line."""
        with pytest.raises((Broken, Unavailable, Defect)) as raised:
            logs(APPEND_READS, self.provide)(event, None)
        (line,) = self.told
        assert CANARY not in json.dumps(line) + "".join(traceback.format_exception(raised.value))
        return raised.value, line


def entry(number: int, **told: Any) -> JournalEntry:
    return numbered(TENANT, number, request_id="request-1", **told)


def printed(capsys: pytest.CaptureFixture[str], *entries: JournalEntry) -> list[str]:
    """The lines of a container that noted these."""
    capsys.readouterr()
    log = LogStreamLines(CONTAINER)
    for one in entries:
        log.note(one)
        log.write(REQUEST)
    return capsys.readouterr().out.splitlines()


def line(**replaced: Any) -> str:
    """One that is well, but for what is replaced; `access__...` of its access."""
    access = {**entry(1).to_record()}
    outside: dict[str, Any] = {"container": CONTAINER, "sequence": 7}
    for name, value in replaced.items():
        place, key = (access, name.removeprefix("access__")) if name.startswith("access__") else (outside, name)
        place[key] = value
    return json.dumps({**REQUEST, "access": access, **outside})


def test_accesses_are_appended_whole_and_their_numbers_heard(capsys: pytest.CaptureFixture[str]) -> None:
    house, made = House(), [entry(number) for number in range(3)]
    told = house.take(sent(printed(capsys, *made)))
    assert house.appended == made
    assert house.heard == {CONTAINER: {number + 1: one.at for number, one in enumerate(made)}}
    assert (told["operation"], told["status"], told["level"]) == ("append_reads", "success", "INFO")
    assert (told["records"], told["failed_records"], told["passed_over"]) == (3, 0, 0)


def test_what_lambda_put_aside_is_taken_when_the_queue_brings_it(capsys: pytest.CaptureFixture[str]) -> None:
    house = House()
    house.take(brought_again(sent(printed(capsys, entry(1)))))
    assert house.appended == [entry(1)]


def test_a_line_with_a_fraction_in_it_is_an_access_as_any_other() -> None:
    house = House()
    house.take(sent([line(access__metadata={"share": 0.5})]))
    assert house.appended[0].metadata == {"share": 0.5}


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(f"START RequestId: {CANARY} Version: 17", id="what Lambda prints"),
        pytest.param("", id="nothing"),
        pytest.param(f'"{CANARY} access"', id="a text"),
        pytest.param("17", id="a number"),
        pytest.param("[]", id="a list"),
        pytest.param(f'{{"{CANARY}": 1}}', id="JSON of somebody else"),
        pytest.param(json.dumps(REQUEST), id="a request that is recorded elsewhere"),
        pytest.param('{"access": ' * 5000, id="deep"),
        pytest.param('{"access": ' + "[" * 900 + "]" * 900 + "}", id="deep and whole"),
        pytest.param(f'{{"access": "{CANARY}"}}', id="an access that is none"),
        pytest.param(
            f'{{"access": {{"id": "{CANARY}"}}, "container": "{CONTAINER}", "sequence": 1}}', id="half of one"
        ),
        pytest.param('{"access": {}, "sequence": 1}', id="no container"),
        pytest.param(line(container=CANARY), id="a container that is no id"),
        pytest.param(line(sequence=0), id="a number before the first"),
        pytest.param(line(sequence=2**53), id="a number beyond all"),
        pytest.param(line(sequence="7"), id="a text for a number"),
        pytest.param(line(access__id=CANARY), id="no id"),
        pytest.param(line(access__at=CANARY), id="no time"),
        pytest.param(line(access__tenant=CANARY), id="no tenant"),
        pytest.param(line(access__more=CANARY), id="a member too many"),
        pytest.param(line(access__actor={"id": "a\0b", "type": "user", "roles": []}), id="what no database holds"),
        pytest.param(line(access__metadata={"a": 2**60}), id="a number that no leaf has"),
        pytest.param(line(access__metadata={"a": "\ud800"}), id="half a character"),
        pytest.param(line(access__metadata={"a": float("nan")}), id="no number"),
        pytest.param(line(access__metadata={"a": "x" * runtime.MAX_LINE}), id="endless"),
    ],
)
def test_a_line_that_carries_no_access_of_ours_is_counted_and_holds_up_nothing(
    other: str, capsys: pytest.CaptureFixture[str]
) -> None:
    house, (first, last) = House(), printed(capsys, entry(1), entry(2))
    told = house.take(sent([first, other, last]))
    assert house.appended == [entry(1), entry(2)]
    assert (told["records"], told["passed_over"], told["level"]) == (3, 1, "INFO")


def test_when_the_store_does_not_answer_all_of_it_comes_again(capsys: pytest.CaptureFixture[str]) -> None:
    house = House(Unavailable(CANARY))
    lines = printed(capsys, entry(1))
    with pytest.raises(Unavailable) as raised:
        logs(APPEND_READS, house.provide)(sent(lines), None)
    assert raised.value.__cause__ is None and raised.value.__suppress_context__
    (told,) = house.told
    assert (told["level"], told["kind"], told["status"]) == ("WARNING", "unavailable", "failed")
    assert (told["records"], told["failed_records"], house.heard) == (1, 1, {})


def test_a_defect_is_raised_without_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    raised, told = House(RuntimeError(CANARY)).refuse(sent(printed(capsys, entry(1))))
    assert isinstance(raised, Defect) and (told["error"], told["level"]) == ("RuntimeError", "ERROR")


def test_whether_anybody_listens_is_all_that_a_control_message_asks() -> None:
    house = House()
    told = house.take(sent([f"CWL CONTROL MESSAGE: {CANARY}"], kind="CONTROL_MESSAGE"))
    assert (house.appended, told["records"]) == ([], 0)


WHOLE = packed(b'{"messageType": "DATA_MESSAGE", "logEvents": []}')["awslogs"]["data"]


@pytest.mark.parametrize(
    "event",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"awslogs": CANARY}, id="a text"),
        pytest.param({"awslogs": {"data": f"{CANARY}!"}}, id="no base64"),
        pytest.param({"awslogs": {"data": base64.b64encode(CANARY.encode()).decode()}}, id="no gzip"),
        pytest.param({"awslogs": {"data": WHOLE[:40]}}, id="half of it"),
        pytest.param({"awslogs": {"data": "A" * 2 * 1024 * 1024}}, id="longer than an event"),
        pytest.param(packed(CANARY.encode()), id="no JSON"),
        pytest.param(packed(b"[" * 100_000), id="deep"),
        pytest.param(packed(f'{{"messageType": "{CANARY}", "logEvents": []}}'.encode()), id="another kind of message"),
        pytest.param(packed(b'{"messageType": "DATA_MESSAGE", "logEvents": [{}]}'), id="an event without a line"),
        pytest.param({"Records": []}, id="an empty batch of the queue"),
        pytest.param({"Records": [{"body": CANARY}]}, id="a message that Lambda did not write"),
        pytest.param({"Records": [{"body": 7}]}, id="a message that is no text"),
        pytest.param({"Records": [{"body": " " * 2 * 1024 * 1024}]}, id="an endless message"),
    ],
)
def test_what_nobody_can_read_is_a_defect_that_somebody_is_told_of(event: Any) -> None:
    raised, told = House().refuse(event)
    assert isinstance(raised, Broken)
    assert (told["level"], told["kind"], told["http_status"]) == ("ERROR", "broken", 503)


def test_a_batch_that_unpacks_to_more_than_is_taken_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = sent(["0" * 100_000])
    assert len(json.dumps(bomb)) < 2000
    House().take(bomb)
    monkeypatch.setattr(runtime, "MAX_UNPACKED", 50_000)
    assert isinstance(House().refuse(bomb)[0], Broken)


def test_more_lines_than_are_taken_are_refused() -> None:
    House().take(sent(["x"] * log_lines.MAX_LINES))
    assert isinstance(House().refuse(sent(["x"] * (log_lines.MAX_LINES + 1)))[0], Broken)


def test_many_leaves_are_written_in_several_transactions(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(append_reads, "AT_ONCE", 2)
    house, made = House(), [entry(number) for number in range(5)]
    house.take(sent(printed(capsys, *made)))
    assert (house.appended, house.transactions) == (made, [2, 2, 1])


def test_several_containers_are_heard_each_for_itself() -> None:
    house, other = House(), "01M7XB2CPDX901Z538HPJ3CH8D"
    actor = Actor("user:ana", "user", ())
    house.take(sent([line(), line(container=other, sequence=1), line(sequence=8, access__id=entry(2, actor=actor).id)]))
    assert {container: sorted(numbers) for container, numbers in house.heard.items()} == {CONTAINER: [7, 8], other: [1]}
