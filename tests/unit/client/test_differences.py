"""A patch as people read it."""

from typing import Any

import pytest

from llm_config_client.cli import differences
from llm_config_contract.configs import ConfigDiff
from llm_config_domain.configs.patches import diff, summary


def told(old: Any, new: Any) -> list[str]:
    """The lines below the title, of the very patch that the service makes."""
    patch = diff(old, new)
    found = ConfigDiff(from_=1, to=2, patch=patch, summary=summary(patch))
    return [line.plain for line in differences.lines("app/x", "edge", found, old)][2:]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param({"a": 1}, {"a": 2}, ["~ /a: 1 -> 2"], id="replaced"),
        pytest.param({"a": 1}, {"b": None}, ["- /a: 1", "+ /b: null"], id="gone and new"),
        pytest.param([1, 2, 3], [1, 3], ["- /1: 2"], id="out of an array"),
        pytest.param([1, 2, 3, 4], [1, 4], ["- /2: 3", "- /1: 2"], id="two out of an array"),
        pytest.param([[1, 2], 5], [[1], 6], ["- /0/1: 2", "~ /1: 5 -> 6"], id="arrays in arrays"),
        pytest.param("a", {"b": 1}, ['~ (all): "a" -> {"b":1}'], id="all of it"),
        pytest.param({"a": "\x1b[31m"}, {"a": ""}, ['~ /a: "\\u001b[31m" -> ""'], id="what would command the terminal"),
        pytest.param({"a": 1}, {"a": 1}, [], id="nothing"),
    ],
)
def test_each_place_says_what_was_there_and_what_is(old: Any, new: Any, expected: list[str]) -> None:
    assert told(old, new) == expected


def test_a_prompt_is_compared_line_by_line() -> None:
    old = "\n".join(f"line {number}" for number in range(12))
    new = old.replace("line 2", "second").replace("line 11", "last\x1b")
    assert told({"text": old}, {"text": new}) == [
        "~ /text:",
        "      line 0",
        "      line 1",
        "    - line 2",
        "    + second",
        "      line 3",
        "      line 4",
        "    ...",
        "      line 9",
        "      line 10",
        "    - line 11",
        "    + last\\x1b",
    ]


def test_what_is_too_long_to_compare_by_lines_is_told_on_one() -> None:
    long = "\n".join(map(str, range(3000)))
    [line] = told({"text": long}, {"text": long + "\nmore"})
    assert line.startswith("~ /text: ")
    assert len(line) < 120
