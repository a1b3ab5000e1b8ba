"""The log on AWS: one line a request, and accesses that count themselves."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from llm_config.adapters.log_stream.lines import LogStreamLines, access_in
from llm_config_domain.journal import Actor, JournalEntry, Result
from llm_config_domain.names import PLATFORM, TenantId
from llm_config_domain.policy import Resource

LINE = {"level": "INFO", "request_id": "request-1", "tenant": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "operation": "get_config",
        "status": "success", "cache_level": "none", "duration_ms": 1.5}  # fmt: skip


def entry(**metadata: Any) -> JournalEntry:
    who, what = Actor("user:ana", "user", ()), Resource("configs", "gateway/primary", "production")
    tenant = TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAV")
    return JournalEntry("id", "2026-01-01T00:00:00.000Z", tenant, "config.read", "info", who, "configs:read", what,
                        Result("success"), "request-1", metadata)  # fmt: skip


@pytest.fixture
def log() -> LogStreamLines:
    return LogStreamLines("container-1", metrics="")


def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[dict[str, Any]]:
    return map(json.loads, capsys.readouterr().out.splitlines())


def test_accesses_are_numbered_and_say_their_container(log: LogStreamLines, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(3):
        log.note(entry(number=number))
        log.write(LINE)
    carried = [access_in(line) for line in lines(capsys)]
    assert [(access.container, access.sequence) for access in carried if access] == [
        ("container-1", n) for n in (1, 2, 3)
    ]
    assert carried[2] and carried[2].entry == entry(number=2)


def test_an_access_repeats_nothing_that_its_line_says(log: LogStreamLines, capsys: pytest.CaptureFixture[str]) -> None:
    log.note(entry())
    log.write(LINE)
    (line,) = lines(capsys)
    assert not {"tenant", "request_id"} & set(line["access"])


def test_an_access_of_another_tenant_than_the_requests_keeps_its_own(
    log: LogStreamLines, capsys: pytest.CaptureFixture[str]
) -> None:
    log.note(replace(entry(), tenant=PLATFORM))
    log.write(LINE)
    access = access_in(next(lines(capsys)))
    assert access and access.entry == replace(entry(), tenant=PLATFORM)


def test_a_request_that_notes_nothing_spends_no_number(log: LogStreamLines, capsys: pytest.CaptureFixture[str]) -> None:
    log.write(LINE)
    log.note(entry())
    log.write(LINE)
    first, second = lines(capsys)
    assert first == LINE and access_in(first) is None
    assert second["sequence"] == 1


def test_of_two_accesses_before_a_line_none_is_lost(log: LogStreamLines, capsys: pytest.CaptureFixture[str]) -> None:
    log.note(entry(number=1))
    log.note(entry(number=2))
    log.write(LINE)
    carried = [access_in(line) for line in lines(capsys)]
    assert [access.entry for access in carried if access] == [entry(number=1), entry(number=2)]


def test_what_cannot_be_written_raises_nothing_and_is_a_missing_number(
    log: LogStreamLines, capsys: pytest.CaptureFixture[str]
) -> None:
    def request(noted: JournalEntry) -> None:
        log.note(noted)
        log.write(LINE)

    request(entry())
    request(entry(value=object()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", _Full())
        request(entry())
    request(entry())
    assert [line["sequence"] for line in lines(capsys)] == [1, 4]


class _Full:
    def write(self, text: str) -> int:
        raise OSError(28, "No space left on device")

    def flush(self) -> None:
        raise OSError(28, "No space left on device")
