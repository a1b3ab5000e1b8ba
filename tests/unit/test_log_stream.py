"""The access log on AWS: lines that count themselves."""

import json
from typing import Any

import pytest

from llm_config.adapters.log_stream.access_log import LogStreamAccessLog
from llm_config_domain.journal import Actor, JournalEntry, Result
from llm_config_domain.names import TenantId
from llm_config_domain.policy import Resource


def entry(**metadata: Any) -> JournalEntry:
    who, what = Actor("user:ana", "user", ()), Resource("configs", "gateway/primary", "production")
    tenant = TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAV")
    return JournalEntry("id", "2026-01-01T00:00:00.000Z", tenant, "config.read", "info", who, "configs:read", what,
                        Result("success"), "request-1", metadata)  # fmt: skip


def test_lines_are_numbered_and_say_their_container(capsys: pytest.CaptureFixture[str]) -> None:
    log = LogStreamAccessLog("container-1")
    for number in range(3):
        log.note(entry(number=number))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["container"], line["sequence"]) for line in lines] == [("container-1", 1 + n) for n in range(3)]
    assert JournalEntry.from_record(lines[2]["access"]) == entry(number=2)


def test_what_cannot_be_written_raises_nothing_and_is_a_missing_number(capsys: pytest.CaptureFixture[str]) -> None:
    log = LogStreamAccessLog("container-1")
    log.note(entry())
    log.note(entry(value=object()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", _Full())
        log.note(entry())
    log.note(entry())
    assert [json.loads(line)["sequence"] for line in capsys.readouterr().out.splitlines()] == [1, 4]


class _Full:
    def write(self, text: str) -> int:
        raise OSError(28, "No space left on device")

    def flush(self) -> None:
        raise OSError(28, "No space left on device")
