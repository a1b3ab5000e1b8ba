"""ports/request_log.py, promise by promise."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from llm_config_domain.names import TenantId
from llm_config_local.adapters.request_log import LOGGER
from tests.support.families import REQUEST_LINE, HomeUnderTest
from tests.support.samples import entry_about, name_of


@pytest.fixture(autouse=True)
def at_info(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.INFO, logger=LOGGER):
        yield


def told(home: HomeUnderTest) -> list[dict[str, Any]]:
    """What stands in the log of what was written."""
    return [{name: line[name] for name in REQUEST_LINE} for line in map(json.loads, home.output().splitlines())]


def test_a_request_is_one_line_that_says_what_was_written(home: HomeUnderTest) -> None:
    for number in range(3):
        home.provide("request_log").write({**REQUEST_LINE, "request_id": f"request-{number}"})
    assert told(home) == [{**REQUEST_LINE, "request_id": f"request-{number}"} for number in range(3)]


def test_text_of_a_caller_cannot_begin_a_line_of_its_own(home: HomeUnderTest) -> None:
    forged = 'x"}\n{"request_id": "forged"}\u2028\r'
    home.provide("request_log").write({**REQUEST_LINE, "request_id": forged})
    assert told(home) == [{**REQUEST_LINE, "request_id": forged}]


def test_an_access_that_was_noted_meanwhile_needs_no_line_more(home: HomeUnderTest, acme: TenantId) -> None:
    home.output()
    home.provide("access_log").note(entry_about(home, "configs", name_of(acme)))
    home.end_request()
    assert told(home) == [REQUEST_LINE]


def test_what_cannot_be_written_raises_nothing_and_the_next_line_is_written(home: HomeUnderTest) -> None:
    home.provide("request_log").write({**REQUEST_LINE, "request_id": object()})
    home.end_request()
    assert told(home) == [REQUEST_LINE]
