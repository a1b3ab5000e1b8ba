"""What the command line makes of values and of errors."""

from decimal import Decimal
from typing import Any

import pytest
import yaml

from llm_config_client.cli import screen, yaml_text
from llm_config_client.cli.failures import failure
from llm_config_client.core import KINDS
from llm_config_contract.problems import STATUS

EXIT_CODES = {
    400: 7,
    401: 4,
    403: 4,
    404: 3,
    405: 8,
    406: 8,
    409: 6,
    412: 6,
    413: 7,
    415: 7,
    422: 7,
    429: 5,
    500: 8,
    503: 5,
}
"""As the help of `llm-config` tells them."""


@pytest.mark.parametrize("kind", STATUS)
def test_the_exit_code_follows_the_status(kind: str) -> None:
    assert failure(KINDS[kind]()).exit_code == EXIT_CODES[STATUS[kind]]


def test_a_defect_is_told_by_type_and_place_and_never_by_its_text() -> None:
    try:
        raise RuntimeError("sk-canary")
    except RuntimeError as error:
        told, debugged = failure(error), failure(error, debug=True)
    assert told.exit_code == debugged.exit_code == 8
    assert len(told.lines) == 2
    assert "test_screen.py" in debugged.lines[1]
    assert "sk-canary" not in " ".join(told.lines + debugged.lines)


def test_what_others_wrote_does_not_command_the_terminal() -> None:
    assert screen.shown("red \x1b[31m\x9b\nline") == "red \\x1b[31m\\x9b\\nline"
    assert "\x9b" not in screen.draw([screen.value({"a": "\x9b"})])


def test_a_value_is_drawn_to_the_digit() -> None:
    drawn = screen.draw([screen.value({"n": Decimal("1.10"), "l": [1, {}], "e": []})])
    assert drawn == '{\n  "n": 1.10,\n  "l": [\n    1,\n    {}\n  ],\n  "e": []\n}\n'


@pytest.mark.parametrize(
    "document",
    [
        pytest.param({"b": 1, "a": [None, True, {}]}, id="in the order given"),
        pytest.param(
            ["yes", "null", "1", "1e3", "0o17", "2026-01-01", "~", ""], id="text that looks like something else"
        ),
        pytest.param("two\nlines\n", id="lines"),
        pytest.param(2**70, id="a large number"),
    ],
)
def test_yaml_says_the_same_as_json(document: Any) -> None:
    assert yaml.safe_load(yaml_text.write(document)) == document


@pytest.mark.parametrize("digits", ["1.10", "1E+400", "-0.5", "1E-7", "0.1000000000000000000000001"])
def test_yaml_keeps_a_fraction(digits: str) -> None:
    text = yaml_text.write({"n": Decimal(digits)}).removeprefix("n: ").strip()
    assert Decimal(text) == Decimal(digits)
    assert isinstance(yaml.safe_load(text), float)
