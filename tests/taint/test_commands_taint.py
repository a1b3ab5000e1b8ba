"""The command line and the SDK: what a command prints, what it leaves behind, and what its objects show."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import pytest

from llm_config_client import calls
from llm_config_client.client import Client
from llm_config_domain.errors import Refusal
from tests.cli.running import BIN, Ended, ServedHome, served
from tests.support.canaries import Canary
from tests.taint.sinks import shown

CANARY = Canary("sk0taint0canary7f3e91")
ON_A_TERMINAL = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"
ENV = {"LLM_CONFIG_ENV": "production"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedHome]:
    """A home that says all it can, with a secret in it."""
    directory: Path = tmp_path_factory.mktemp("taint-served")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOG_LEVEL", "DEBUG")
        with served(directory) as started:
            started.tenant("taint")
            with Client(started.url, started.token("taint", "tenant-admin")) as client:
                furnish(client)
            yield started


def furnish(client: Client) -> None:
    """What the commands below find, each a name of its own: they run in any order and in several processes."""
    for path in ("keys/main", "keys/to-revoke", "keys/to-destroy", "keys/to-delete", "keys/to-restore"):
        for _ in range(1 if path == "keys/main" else 2):
            client.put_secret(path, CANARY.text, environment="production")
    client.revoke_secret("keys/to-destroy", environment="production", version=1)
    client.delete_secret("keys/to-restore", environment="production")
    client.put_config("app/ref", {"$secret": "keys/main"}, environment="production")


def run(home: ServedHome, *arguments: str, stdin: str = "", role: str = "", **variables: str) -> Ended:
    told = {**ENV, **variables}
    if role:
        told["LLM_CONFIG_TOKEN"] = home.token("taint", role)
    return home.run(arguments, tenant="taint", stdin=stdin, **told)


QUIET: list[tuple[str, Sequence[str], str, str, int]] = [
    ("put_secret-taint-stored", ("secret", "set", "keys/main", "-"), CANARY.text, "", 0),
    ("put_secret-taint-as-json", ("secret", "set", "keys/j", "-", "-o", "json"), CANARY.text, "", 0),
    ("put_secret-taint-json-value", ("secret", "set", "keys/j", "-", "--json"), f'{{"{CANARY.text}": 1}}', "", 0),
    ("put_secret-taint-broken-json", ("secret", "set", "keys/j", "-", "--json"), f'{{"{CANARY.text}', "", 7),
    ("put_secret-taint-as-argument", ("secret", "set", "keys/main", CANARY.text), "", "", 2),
    ("put_secret-taint-as-option", ("secret", "set", "keys/main", f"--{CANARY.text}"), "", "", 2),
    ("put_secret-taint-as-option-value", ("secret", "set", "keys/main", "--value", CANARY.text), "", "", 0),
    ("put_secret-taint-too-many", ("secret", "set", "keys/main", "-", CANARY.text), "", "", 2),
    ("put_secret-taint-as-path", ("secret", "set", CANARY.text, "-"), CANARY.text, "", 7),
    ("put_secret-taint-as-type", ("secret", "set", "keys/main", "-", "--type", CANARY.text), "x", "", 7),
    ("put_secret-taint-as-tag", ("secret", "set", "keys/main", "-", "--tag", CANARY.text), "x", "", 2),
    ("put_secret-taint-denied", ("secret", "set", "keys/main", "-"), CANARY.text, "viewer", 4),
    ("put_secret-taint-debug", ("--debug", "secret", "set", "keys/main", "-"), CANARY.text, "viewer", 4),
    ("put_secret-taint-lost", ("secret", "set", "keys/main", "-", "--if-match", "99"), CANARY.text, "", 6),
    ("put_secret-taint-exists", ("secret", "set", "keys/main", "-", "--create"), CANARY.text, "", 6),
    ("put_secret-taint-no-file", ("secret", "set", "keys/main", "--file", f"/{CANARY.text}"), "", "", 2),
    ("get_secret-taint-denied", ("secret", "get", "keys/main"), "", "viewer", 4),
    ("get_secret-taint-no-version", ("secret", "get", "keys/main", "--version", CANARY.text), "", "", 2),
    ("get_secret-taint-absent", ("secret", "get", "keys/none"), "", "", 3),
    ("put_config-taint-broken-json", ("config", "put", "app/a", f'{{"{CANARY.text}'), "", "", 7),
    ("put_config-taint-denied", ("config", "put", "app/a", f'"{CANARY.text}"'), "", "viewer", 4),
    ("put_secret-taint-waiting", ("secret", "set", "keys/w", "-", "--no-activate", "-o", "yaml"), CANARY.text, "", 0),
    ("list_secrets-taint-table", ("secret", "list"), "", "", 0),
    ("list_secrets-taint-json", ("secret", "list", "--namespace", "keys", "-o", "json"), "", "", 0),
    ("list_secret_versions-taint-table", ("secret", "versions", "keys/main"), "", "", 0),
    ("list_secret_versions-taint-yaml", ("secret", "versions", "keys/main", "-o", "yaml"), "", "", 0),
    ("activate_secret-taint-again", ("secret", "activate", "keys/main", "--version", "1", "-o", "json"), "", "", 0),
    ("activate_secret-taint-as-version", ("secret", "activate", "keys/main", "--version", CANARY.text), "", "", 2),
    ("activate_secret-taint-denied", ("secret", "activate", "keys/main", "--version", "1"), "", "viewer", 4),
    ("revoke_secret-taint-json", ("secret", "revoke", "keys/to-revoke", "--version", "1", "-o", "json"), "", "", 0),
    ("revoke_secret-taint-denied", ("secret", "revoke", "keys/main", "--version", "1"), "", "viewer", 4),
    (
        "destroy_secret-taint-json",
        ("secret", "destroy", "keys/to-destroy", "--version", "1", "--yes", "-o", "json"),
        "",
        "",
        0,
    ),
    ("destroy_secret-taint-in-use", ("secret", "destroy", "keys/main", "--version", "1", "--yes"), "", "", 7),
    ("destroy_secret-taint-unasked", ("secret", "destroy", "keys/main", "--version", "1"), "", "", 2),
    ("delete_secret-taint-json", ("secret", "delete", "keys/to-delete", "--yes", "-o", "json"), "", "", 0),
    ("restore_secret-taint-yaml", ("secret", "restore", "keys/to-restore", "-o", "yaml"), "", "", 0),
    ("restore_secret-taint-standing", ("secret", "restore", "keys/main"), "", "", 6),
    ("put_config-taint-reference", ("config", "put", "app/ref", '{"$secret": "keys/main"}'), "", "", 0),
    ("resolve_config-taint-reference", ("config", "resolve", "app/ref", "-o", "json"), "", "", 0),
    ("resolve_namespace-taint-table", ("config", "resolve", "--namespace", "app"), "", "", 0),
    ("resolve_namespace-taint-json", ("config", "resolve", "--namespace", "app", "-o", "json"), "", "", 0),
    ("list_changes-taint-table", ("config", "watch", "--once"), "", "", 0),
    ("list_changes-taint-json", ("config", "watch", "--once", "-o", "json"), "", "", 0),
    ("list_changes-taint-as-token", ("config", "watch", "--once", "--since", CANARY.text), "", "", 7),
    ("list_configs-taint-json", ("config", "list", "-o", "json"), "", "", 0),
    ("list_configs-taint-as-tag", ("config", "list", "--tag", CANARY.text), "", "", 7),
    ("search_names-taint-table", ("search", "ma"), "", "", 0),
    ("search_names-taint-json", ("search", "ma", "-o", "json"), "", "", 0),
    ("search_names-taint-as-text", ("search", CANARY.text), "", "", 0),
    ("search_names-taint-as-tag", ("search", "ma", "--tag", CANARY.text), "", "", 0),
    ("create_config-taint-broken", ("config", "create", "app/c", f'{{"{CANARY.text}'), "", "", 7),
    ("patch_config-taint-broken", ("config", "patch", "app/ref", f'[{{"{CANARY.text}": 1}}]'), "", "", 7),
    ("patch_config-taint-as-text", ("config", "patch", "app/ref", f'"{CANARY.text}"'), "", "", 2),
    ("patch_config-taint-as-type", ("config", "patch", "app/ref", "{}", "--type", CANARY.text), "", "", 2),
    ("validate_config-taint-refused", ("config", "validate", "app/c", f'{{"$ref": "{CANARY.text}"}}'), "", "", 7),
    ("validate_config-taint-no-file", ("config", "validate", "app/c", "1", "--schema", CANARY.text), "", "", 2),
    ("rollback_config-taint-as-time", ("config", "rollback", "app/ref", "--as-of", CANARY.text), "", "", 7),
    ("diff_config-taint-as-version", ("config", "diff", "app/ref", "--from", CANARY.text), "", "", 2),
    ("delete_config-taint-lost", ("config", "delete", "app/ref", "--if-match", CANARY.text, "--yes"), "", "", 6),
    ("restore_config-taint-json", ("config", "restore", "app/ref", "-o", "json"), "", "", 6),
    ("whoami-taint-command", (CANARY.text,), "", "", 2),
]


@pytest.mark.parametrize(
    ("arguments", "stdin", "role", "exit_code"), [pytest.param(*case[1:], id=case[0]) for case in QUIET]
)
def test_a_command_does_not_print_the_secret(
    home: ServedHome, arguments: Sequence[str], stdin: str, role: str, exit_code: int
) -> None:
    ended = run(home, *arguments, stdin=stdin, role=role)
    assert ended.exit_code == exit_code, ended
    assert CANARY.found_in(ended.stdout + ended.stderr) == []


@pytest.mark.parametrize(
    "variables",
    [
        pytest.param({"LLM_CONFIG_TOKEN": CANARY.text}, id="whoami-taint-as-token"),
        pytest.param({"LLM_CONFIG_TOKEN": f"{CANARY.text}\n"}, id="whoami-taint-as-broken-token"),
        pytest.param({"LLM_CONFIG_URL": f"http://user:{CANARY.text}@127.0.0.1:1"}, id="whoami-taint-in-the-address"),
        pytest.param({"LLM_CONFIG_PROFILE": CANARY.text}, id="whoami-taint-as-profile"),
    ],
)
def test_a_credential_in_a_setting_is_not_printed(home: ServedHome, variables: dict[str, str]) -> None:
    for arguments in (("whoami",), ("--debug", "doctor")):
        ended = run(home, *arguments, **variables)
        assert ended.exit_code != 0
        assert CANARY.found_in(ended.stdout + ended.stderr) == []


def test_the_positive_control_a_pipe_gets_the_value_and_a_terminal_a_mask(home: ServedHome) -> None:
    """The ids of this file's other tests would mean nothing if the secret were not there to be read."""
    assert "raw" in CANARY.found_in(run(home, "secret", "get", "keys/main").stdout)
    command = [sys.executable, "-c", ON_A_TERMINAL, str(BIN / "llm-config"), "secret", "get", "keys/main"]
    variables = {**home.variables("taint"), **ENV, "TERM": "xterm"}
    done = subprocess.run(command, env=variables, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    assert b"****" in done.stdout
    assert CANARY.found_in(done.stdout + done.stderr) == []


def test_neither_the_log_of_a_served_home_nor_its_files_nor_its_dumps_hold_the_secret(home: ServedHome) -> None:
    for path in home.data_dir.rglob("*"):
        if path.is_file():
            assert CANARY.found_in(path.read_bytes()) == [], path.name
    assert (home.data_dir / "log").stat().st_size > 0, "the home said nothing: there was nothing to find"
    for what in ("store", "events", "journal"):
        command = [str(BIN / "llm-config-local"), "dump", "--data-dir", str(home.data_dir), "--what", what]
        done = subprocess.run(command, capture_output=True, check=True)
        assert b"keys" in done.stdout or what == "store"
        assert CANARY.found_in(done.stdout + done.stderr) == []


def _answering(status: int, body: object) -> Client:
    headers = {"content-type": "application/json"}
    transport = httpx.MockTransport(lambda request: httpx.Response(status, json=body, headers=headers))
    return Client("http://127.0.0.1:1", CANARY.text, transport=transport, sleep=lambda seconds: None)


def test_the_sdk_shows_neither_the_credential_nor_the_value_that_it_sends() -> None:
    with _answering(403, {"kind": "permission_denied"}) as client:
        call = calls.put_secret("keys/main", {"a": CANARY.text}, environment="production", type="generic")
        assert CANARY.found_in(shown(client, call, vars(client))) == []
        with pytest.raises(Refusal) as refused:
            client.send(call)
    assert CANARY.found_in(shown(refused.value)) == []


def test_an_answer_that_cannot_be_read_is_not_quoted() -> None:
    with _answering(200, {"value": CANARY.text, "version": "not a number"}) as client, pytest.raises(Exception) as told:
        client.send(calls.get_secret("keys/main", environment="production"))
    assert CANARY.found_in(shown(told.value)) == []


def test_an_answer_with_a_secret_does_not_print_it() -> None:
    names = dict.fromkeys(("namespace", "key", "environment", "type", "version_id", "stage"), "x")
    with _answering(200, {**names, "version": 1, "value": CANARY.text}) as client:
        answer = client.send(calls.get_secret("keys/main", environment="production"))
    assert answer.body.value == CANARY.text
    assert CANARY.found_in(shown(answer, answer.body)) == []
    assert json.loads(answer.text)["value"] == CANARY.text
