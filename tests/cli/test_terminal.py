"""What happens on a terminal, and when the reader or the person goes away: real processes and real pseudo-terminals."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress

import pytest

from tests.cli.running import BIN, ServedHome
from tests.support.nets import EVERY_OTHER

pytestmark = EVERY_OTHER
COMMAND = str(BIN / "llm-config")
ON_A_TERMINAL = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"
CANARY = "sk-terminal-canary"


@pytest.fixture(scope="module")
def variables(served_home: ServedHome) -> Mapping[str, str]:
    served_home.tenant("terminals")
    found = served_home.variables("terminals") | {"LLM_CONFIG_ENV": "production", "TERM": "xterm", "COLUMNS": "100"}
    for arguments, stdin in (
        (["secret", "set", "keys/anthropic", "-"], CANARY),
        (["set", "app/database", '{"pool_size": 50, "ssl": true}', "--reason", "red \x1b[31m\x9b"], ""),
    ):
        ended = served_home.run(arguments, tenant="terminals", stdin=stdin, LLM_CONFIG_ENV="production")
        assert ended.exit_code == 0, ended.stderr
    return found


def on_a_terminal(arguments: Sequence[str], variables: Mapping[str, str]) -> tuple[int, str]:
    """(exit code, everything that the terminal showed)."""
    command = [sys.executable, "-c", ON_A_TERMINAL, COMMAND, *arguments]
    done = subprocess.run(command, env=variables, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.replace("\r\n", "\n")


@pytest.mark.parametrize("output", [[], ["-o", "table"], ["-o", "json"], ["-o", "yaml"]])
def test_a_secret_is_masked(output: Sequence[str], variables: Mapping[str, str]) -> None:
    exit_code, shown = on_a_terminal(["secret", "get", "keys/anthropic", *output], variables)
    assert exit_code == 0
    assert CANARY not in shown
    assert "********" in shown


def test_a_secret_shows_itself_when_it_is_asked_to(variables: Mapping[str, str]) -> None:
    assert on_a_terminal(["secret", "get", "keys/anthropic", "--reveal"], variables) == (0, CANARY + "\n")


def test_what_is_shown_once_says_so(variables: Mapping[str, str]) -> None:
    made = on_a_terminal(["api-key", "create", "gateway", "--role", "service-account"], variables)[1]
    assert "llmc_0" in made and "this key is not shown again" in made
    given = on_a_terminal(["token", "create", "gateway"], variables)[1]
    assert "eyJ" in given and "this token is not shown again" in given
    assert "llmc_" not in on_a_terminal(["api-key", "list"], variables)[1]


def test_colour_is_for_terminals_and_no_color_wins(variables: Mapping[str, str]) -> None:
    command = ["get", "app/database"]
    assert "\x1b[" in on_a_terminal(command, variables)[1]
    assert "\x1b" not in on_a_terminal(command, {**variables, "NO_COLOR": "1"})[1]
    piped = subprocess.run(
        [COMMAND, *command], env={**variables, "FORCE_COLOR": "1"}, capture_output=True, text=True, check=True
    )
    assert "\x1b" not in piped.stdout


def test_what_others_wrote_does_not_command_the_terminal(variables: Mapping[str, str]) -> None:
    plain = {**variables, "NO_COLOR": "1"}
    assert "red \\x1b[31m" in on_a_terminal(["get", "app/database"], plain)[1]
    _, shown = on_a_terminal(["get", "app/database", "-o", "json"], plain)
    assert json.loads(shown)["reason"] == "red \x1b[31m\x9b"
    assert "\x9b" not in shown


def test_an_explanation_fits_a_narrow_terminal(variables: Mapping[str, str]) -> None:
    narrow = {**variables, "NO_COLOR": "1", "COLUMNS": "60"}
    _, shown = on_a_terminal(["config", "explain", "app/database"], narrow)
    assert "POINTER" not in shown
    assert "/pool_size  50\n  production v1, " in shown


def test_a_secret_is_asked_for_twice_and_not_shown(variables: Mapping[str, str]) -> None:
    assert _typed(["typed-canary", "typed-canary"], variables) == 0
    piped = subprocess.run(
        [COMMAND, "secret", "get", "keys/typed"], env=variables, capture_output=True, text=True, check=True
    )
    assert piped.stdout == "typed-canary\n"


def test_two_values_that_differ_are_not_stored(variables: Mapping[str, str]) -> None:
    assert _typed(["typed-canary", "typed-canari"], variables, path="keys/other") == 2


@pytest.mark.parametrize(
    ("typed", "exit_code"),
    [
        pytest.param("y", 0, id="yes"),
        pytest.param("n", 130, id="no"),
        pytest.param("", 130, id="nothing"),
        pytest.param("yesterday", 130, id="another word"),
    ],
)
@pytest.mark.parametrize(
    ("arguments", "question"),
    [
        pytest.param(["config", "delete", "app/asked"], "delete app/asked in production? [y/N] ", id="a config"),
        pytest.param(["secret", "delete", "keys/asked"], "delete keys/asked in production? [y/N] ", id="a secret"),
        pytest.param(
            ["secret", "destroy", "keys/asked", "--version", "1"],
            "destroy keys/asked in production, version 1, for ever? [y/N] ",
            id="its bytes",
        ),
    ],
)
def test_what_takes_something_away_asks_first(
    arguments: Sequence[str],
    question: str,
    typed: str,
    exit_code: int,
    served_home: ServedHome,
    variables: Mapping[str, str],
) -> None:
    for command in (
        ["set", "app/asked", "1"],
        ["secret", "set", "keys/asked", "-"],
        ["secret", "set", "keys/asked", "-"],
    ):
        ended = served_home.run(command, tenant="terminals", stdin="v", LLM_CONFIG_ENV="production")
        assert ended.exit_code == 0, ended.stderr
    # Of the bytes only the outcome of the question is of interest: version 1 of many runs is gone already.
    ended_with, shown = _answered(arguments, question, typed, variables)
    assert (ended_with, "nothing was done" in shown) == (exit_code, exit_code != 0)


def _answered(arguments: Sequence[str], question: str, typed: str, variables: Mapping[str, str]) -> tuple[int, str]:
    command = [sys.executable, "-c", ON_A_TERMINAL, COMMAND, *arguments]
    with subprocess.Popen(command, env=variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        shown = b""
        while not shown.endswith(question.encode()):
            read = os.read(process.stdout.fileno(), 1)
            assert read, shown
            shown += read
        process.stdin.write(typed.encode() + b"\n")
        process.stdin.flush()
        shown += process.stdout.read()
    return process.returncode, shown.decode()


def test_yes_is_not_asked(served_home: ServedHome, variables: Mapping[str, str]) -> None:
    ended = served_home.run(["set", "app/unasked", "1"], tenant="terminals", LLM_CONFIG_ENV="production")
    assert ended.exit_code == 0
    exit_code, shown = on_a_terminal(["config", "delete", "app/unasked", "--yes"], variables)
    assert (exit_code, "[y/N]" in shown) == (0, False)


def test_a_difference_has_its_colours(served_home: ServedHome, variables: Mapping[str, str]) -> None:
    for value in ('{"old": 1, "same": 1}', '{"new": 1, "same": 2}'):
        ended = served_home.run(["set", "app/painted", value], tenant="terminals", LLM_CONFIG_ENV="production")
        assert ended.exit_code == 0, ended.stderr
    _, shown = on_a_terminal(["config", "diff", "app/painted"], variables)
    assert "\x1b[31m- /old: 1\x1b[0m" in shown
    assert "\x1b[32m+ /new: 1\x1b[0m" in shown
    assert "\x1b[33m~ /same: 1 -> 2\x1b[0m" in shown


def test_a_rotation_lives_on_a_terminal_until_it_ends(variables: Mapping[str, str]) -> None:
    plain = {**variables, "NO_COLOR": "1"}
    started = ["secret", "rotate", "keys/anthropic", "--notice", "1", "--grace", "1", "--quiet", "0"]
    exit_code, shown = on_a_terminal([*started, "--watch", "--interval", "0.1"], plain)
    assert exit_code == 0
    assert "waits for the end of the notice until " in shown or "waits for acknowledgements until " in shown
    last = shown.rpartition("keys/anthropic in production, version")[2]
    assert [line.split()[:2] for line in last.splitlines() if line.startswith("done")] == [
        ["done", stage] for stage in ("plan", "create", "test", "notify", "acknowledge", "promote", "grace", "retire")
    ]
    assert last.rstrip().endswith("completed: retired\n\x1b[?25h"), "the last picture stays, and the cursor is back"
    *_, rotation = json.loads(on_a_terminal(["rotation", "list", "-o", "json"], plain)[1])["items"]
    exit_code, shown = on_a_terminal(["rotation", "watch", rotation["rotation_id"], "-o", "json"], plain)
    assert exit_code == 0
    assert [json.loads(line)["step"] for line in shown.splitlines()][-2:] == ["grace", "retire"]


def test_one_that_is_held_ends_the_picture_and_says_so(served_home: ServedHome, variables: Mapping[str, str]) -> None:
    ended = served_home.run(
        ["secret", "set", "keys/held", "-"], tenant="terminals", stdin="v", LLM_CONFIG_ENV="production"
    )
    assert ended.exit_code == 0, ended.stderr
    command = ["secret", "rotate", "keys/held", "--notice", "0", "--missing", "hold", "--watch", "--interval", "0.1"]
    exit_code, shown = on_a_terminal(command, {**variables, "NO_COLOR": "1"})
    assert exit_code == 10
    assert "held  promote" in shown and "held: not acknowledged" in shown


def _typed(values: Sequence[str], variables: Mapping[str, str], path: str = "keys/typed") -> int:
    """Types each value when the terminal asks for it; nothing typed may show."""
    command = [sys.executable, "-c", ON_A_TERMINAL, COMMAND, "secret", "set", path]
    with subprocess.Popen(command, env=variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        shown = b""
        for value in values:
            while not shown.rstrip(b"\r\n").endswith(b": "):
                shown += os.read(process.stdout.fileno(), 1)
            shown += b"(asked)"
            process.stdin.write(value.encode() + b"\n")
            process.stdin.flush()
        shown += process.stdout.read()
        assert b"canar" not in shown
    return process.returncode


def test_a_reader_that_goes_away_ends_it_quietly(served_home: ServedHome, variables: Mapping[str, str]) -> None:
    ended = served_home.run(
        ["set", "app/large", "-"], tenant="terminals", stdin=f'"{"x" * 300_000}"', LLM_CONFIG_ENV="production"
    )
    assert ended.exit_code == 0, ended.stderr
    with subprocess.Popen(
        [COMMAND, "get", "app/large"], env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 130


def test_an_interruption_ends_it_quietly(variables: Mapping[str, str]) -> None:
    command = [sys.executable, "-c", ON_A_TERMINAL, COMMAND, "secret", "set", "keys/never"]
    with subprocess.Popen(command, env=variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        shown = b""
        while not shown.endswith(b": "):
            shown += os.read(process.stdout.fileno(), 1)
        _interrupt(process)
        shown += process.stdout.read()
    assert b"Traceback" not in shown
    assert process.returncode == 128 + signal.SIGINT


def _interrupt(process: "subprocess.Popen[bytes]") -> None:
    """Ctrl-C until it ends, as people do: one that comes just before the terminal is read is seen after a key only."""
    assert process.stdin is not None
    for _ in range(10):
        process.stdin.write(b"\x03")
        process.stdin.flush()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=3)
            return
    raise AssertionError("ten interruptions did not end it")
