"""The demo that `make up` prints, as it is printed and with its values from stdin."""

import shlex
from collections.abc import Sequence
from pathlib import Path

import pytest

from llm_config_local.cli import _welcome
from tests.cli.running import ServedHome


def demo(home: ServedHome) -> list[list[str]]:
    """The arguments of each `llm-config` of the demo."""
    lines = [line.strip() for line in _welcome(home.url, Path(".local")).splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.startswith(".venv/bin/llm-config ")]


def piped(arguments: Sequence[str]) -> tuple[list[str], str]:
    """(the arguments with `-` for the JSON, the JSON)."""
    values = [argument for argument in arguments if argument.startswith("{")]
    return ["-" if argument in values else argument for argument in arguments], "".join(values)


@pytest.mark.parametrize("from_stdin", [pytest.param(False, id="as printed"), pytest.param(True, id="from stdin")])
def test_the_demo_works(from_stdin: bool, served_home: ServedHome) -> None:
    tenant = f"demo-{from_stdin}".lower()
    served_home.tenant(tenant)
    commands = demo(served_home)
    assert len(commands) == 3
    for command in commands:
        arguments, stdin = piped(command) if from_stdin else (command, "")
        ended = served_home.run(arguments, tenant=tenant, stdin=stdin)
        assert (ended.exit_code, ended.stderr) == (0, ""), command
    assert "/timeout" in ended.stdout
    assert "more load" in ended.stdout
