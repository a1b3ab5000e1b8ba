"""`config watch` as it runs: what changes comes as it changes, and Ctrl-C is the way out."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from tests.cli.running import BIN, ServedHome

WATCH = [str(BIN / "llm-config"), "config", "watch"]


@pytest.fixture(scope="module")
def variables(served_home: ServedHome) -> Mapping[str, str]:
    served_home.tenant("watchers")
    return served_home.variables("watchers") | {"LLM_CONFIG_ENV": "production"}


def put(home: ServedHome, path: str, value: str = "1") -> None:
    ended = home.run(["set", path, value, "--env", "production"], tenant="watchers")
    assert ended.exit_code == 0, ended.stderr


@contextmanager
def watching(variables: Mapping[str, str], *options: str) -> Iterator[Any]:
    """The output of a watch, which is ended by Ctrl-C: it must then end as such, and say nothing about it."""
    with subprocess.Popen(
        [*WATCH, *options], env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process.stdout
        finally:
            process.send_signal(signal.SIGINT)
            _, complaint = process.communicate(timeout=20)
    assert (process.returncode, complaint) == (130, "")


def test_a_change_is_a_line_as_soon_as_it_is_made(served_home: ServedHome, variables: Mapping[str, str]) -> None:
    put(served_home, "lines/first")
    with watching(variables, "--namespace", "lines", "--since", "0") as output:
        assert output.readline().endswith("  create    lines/first in production, version 1\n")
        put(served_home, "lines/first", "2")
        assert output.readline().endswith("  update    lines/first in production, version 2\n")


def test_its_json_goes_on_from_where_another_ended(served_home: ServedHome, variables: Mapping[str, str]) -> None:
    put(served_home, "tokens/first", "[1.10]")
    with watching(variables, "--namespace", "tokens", "--since", "0", "-o", "json") as output:
        text = output.readline()
        assert "[1.10]" in text
    put(served_home, "tokens/second")
    with watching(variables, "--namespace", "tokens", "--since", json.loads(text)["next"], "-o", "json") as output:
        assert [change["key"] for change in json.loads(output.readline())["changes"]] == ["second"]


def test_without_a_place_it_begins_now(served_home: ServedHome, variables: Mapping[str, str]) -> None:
    put(served_home, "later/old")
    on_a_terminal = {**variables, "TERM": "xterm", "NO_COLOR": "1"}
    master, slave = os.openpty()
    with subprocess.Popen(
        [*WATCH, "--namespace", "later"], env=on_a_terminal, stdout=subprocess.PIPE, stderr=slave, text=True
    ) as process:
        os.close(slave)
        assert os.read(master, 100).startswith(b"watching")
        put(served_home, "later/new")
        assert process.stdout is not None
        assert "later/new" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
    os.close(master)
