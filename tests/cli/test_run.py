"""`run`: the program that was asked for, in real processes, since it takes this one's place."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli.running import BIN, Ended, ServedHome

CANARY = "sk-run-canary"
PRINT = "import json, os; print(json.dumps(dict(os.environ)))"


@pytest.fixture(scope="module")
def variables(served_home: ServedHome, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    served_home.tenant("runners")
    found = served_home.variables("runners") | {"LLM_CONFIG_ENV": "production"}
    dotenv: Path = tmp_path_factory.mktemp("dotenv") / "some.env"
    dotenv.write_text("MixedCase=kept\nPLAIN=dotenv\n")
    for arguments, stdin in (
        (["import", str(dotenv), "--namespace", "svc"], ""),
        (["set", "svc/http.port", "80", "--env", "global"], ""),
        (["set", "svc/log-level", '"info"', "--env", "staging"], ""),
        (["set", "svc/gone", "null"], ""),
        (["secret", "set", "keys/x", "-"], CANARY),
        (["set", "svc/api-key", '{"$secret": "keys/x"}'], ""),
    ):
        ended = served_home.run(arguments, tenant="runners", stdin=stdin, LLM_CONFIG_ENV="production")
        assert ended.exit_code == 0, ended.stderr
    return found


def run(variables: Mapping[str, str], *arguments: str) -> Ended:
    command = [str(BIN / "llm-config"), "run", *arguments]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    return Ended(done.returncode, done.stdout, done.stderr)


def test_a_program_gets_the_namespace_as_its_variables(variables: Mapping[str, str]) -> None:
    given = {**variables, "GONE": "was there", "OWN": "stays", "API_KEY": "my own"}
    ended = run(given, "--namespace", "svc", "--", sys.executable, "-c", PRINT)
    assert ended.exit_code == 0, ended.stderr
    seen = json.loads(ended.stdout)
    expected = {"HTTP_PORT": "80", "LOG_LEVEL": "info", "MixedCase": "kept", "PLAIN": "dotenv", "OWN": "stays"}
    assert expected.items() <= seen.items()
    assert ("GONE" in seen, seen["API_KEY"]) == (False, "my own")
    assert ended.stderr == "note: these refer to secrets and are left out; --reveal puts them in: api-key\n"
    assert CANARY not in ended.stdout


def test_a_secret_is_given_when_it_is_asked_for(variables: Mapping[str, str]) -> None:
    ended = run(variables, "--namespace", "svc", "--reveal", "--", sys.executable, "-c", PRINT)
    assert (json.loads(ended.stdout)["API_KEY"], ended.stderr) == (CANARY, "")


def test_the_exit_code_is_the_programs(variables: Mapping[str, str]) -> None:
    assert run(variables, "--namespace", "svc", "--", "sh", "-c", "exit 42").exit_code == 42
    assert run(variables, "--namespace", "svc", "--", "sh", "-c", "kill -TERM $$").exit_code == -15


@pytest.mark.parametrize(
    ("arguments", "exit_code", "told"),
    [
        pytest.param(["--namespace", "svc", "--", "no-such-program"], 2, "there is no such program", id="no program"),
        pytest.param(["--namespace", "svc", "--", "/"], 2, "cannot be started", id="not a program"),
        pytest.param(["--namespace", "svc"], 2, "is missing", id="nothing to run"),
        pytest.param(["--", "true"], 2, "is missing", id="no namespace"),
        pytest.param(["--namespace", "Svc", "--", "true"], 7, "error: ", id="no name of a namespace"),
    ],
)
def test_what_cannot_be_started_is_told(
    arguments: list[str], exit_code: int, told: str, variables: Mapping[str, str]
) -> None:
    ended = run(variables, *arguments)
    assert (ended.exit_code, ended.stdout) == (exit_code, "")
    assert told in ended.stderr


def test_two_keys_of_one_name_start_nothing(served_home: ServedHome, variables: Mapping[str, str]) -> None:
    for key in ("a.b", "a-b"):
        ended = served_home.run(["set", f"twice/{key}", "1"], tenant="runners", LLM_CONFIG_ENV="production")
        assert ended.exit_code == 0, ended.stderr
    ended = run(variables, "--namespace", "twice", "--", "true")
    assert ended.exit_code == 7
    assert "another key has the same variable" in ended.stderr


def test_without_permission_to_read_secrets_nothing_is_started(
    served_home: ServedHome, variables: Mapping[str, str]
) -> None:
    viewer = {**variables, "LLM_CONFIG_TOKEN": served_home.token("runners", "viewer")}
    ended = run(viewer, "--namespace", "svc", "--reveal", "--", "true")
    assert (ended.exit_code, ended.stdout) == (4, "")
    assert "/api-key: this refers to a secret that you may not read" in ended.stderr
