"""ports/watcher_lines.py, promise by promise. What a message becomes at the gateway, tests/functions/test_gateway_watching.py
asks."""

import pytest

from llm_config.ports.watcher_lines import MAX_MESSAGE_BYTES
from llm_config_domain.errors import NotFound, TooLarge
from tests.support.families import HomeUnderTest


def test_nobody_is_told_who_is_not_connected_any_more(home: HomeUnderTest) -> None:
    home.hang_up()
    with pytest.raises(NotFound):
        home.provide("watcher_lines").post("one=", "{}")


def test_closing_what_is_closed_is_nothing(home: HomeUnderTest) -> None:
    home.hang_up()
    home.provide("watcher_lines").close("one=")


def test_a_message_has_its_limit_in_bytes(home: HomeUnderTest) -> None:
    home.hang_up()
    lines = home.provide("watcher_lines")
    with pytest.raises(NotFound):
        lines.post("one=", "é" * (MAX_MESSAGE_BYTES // 2))
    with pytest.raises(TooLarge) as refused:
        lines.post("one=", "é" * (MAX_MESSAGE_BYTES // 2) + "x")
    assert refused.value.limit == MAX_MESSAGE_BYTES
