"""Directories in and out of a home that serves: the sample fleet, interruptions, and a terminal."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from llm_config_client import Client
from llm_config_domain import json_text
from tests.cli.running import BIN, Ended, ServedHome
from tests.support.fleet import BROKEN, FLEET, files

ON_A_TERMINAL = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"


@pytest.fixture(scope="module")
def fleet(served_home: ServedHome) -> Ended:
    """The import of the sample fleet into the tenant `fleet`."""
    served_home.tenant("fleet")
    return served_home.run(["import", str(FLEET), "--reason", "as in git", "-o", "json"], tenant="fleet")


def tree(directory: Path) -> dict[str, bytes]:
    return {str(file.relative_to(directory)): file.read_bytes() for file in files(directory)}


def test_the_fleet_is_imported_once(fleet: Ended, served_home: ServedHome) -> None:
    assert (fleet.exit_code, fleet.stderr) == (0, "")
    told = json_text.read(fleet.stdout)
    assert (told["created"], told["updated"], told["unchanged"]) == (len(told["entries"]), 0, 0)
    assert {entry["version"] for entry in told["entries"]} == {1}
    again = served_home.run(["import", str(FLEET), "-o", "json"], tenant="fleet")
    assert json_text.read(again.stdout)["unchanged"] == len(told["entries"])


@pytest.mark.parametrize("written_as", ["yaml", "json", "toml"])
def test_export_import_export_is_the_same_bytes(
    written_as: str, fleet: Ended, served_home: ServedHome, tmp_path: Path
) -> None:
    first, second, tenant = tmp_path / "first", tmp_path / "second", f"fleet-{written_as}"
    served_home.tenant(tenant)
    for arguments, of in (
        (["export", str(first), "--format", written_as], "fleet"),
        (["import", str(first)], tenant),
        (["export", str(second), "--format", written_as], tenant),
    ):
        ended = served_home.run(arguments, tenant=of)
        assert ended.exit_code == 0, ended.stderr
    assert tree(first) == tree(second)


def test_a_value_arrives_to_the_digit(fleet: Ended, served_home: ServedHome) -> None:
    with Client(served_home.url, served_home.token("fleet", "tenant-admin")) as client:
        ledger = client.get_config("budgets/tokens-ledger", environment="global").value
        research = client.get_config("budgets/research", environment="staging").value
    assert ledger["opening_balance"] == 123456789012345678901234567890
    assert str(research["total"]) == "25000.000000000000000000000000001"


def test_of_a_broken_directory_nothing_is_sent(served_home: ServedHome) -> None:
    served_home.tenant("broken")
    ended = served_home.run(["import", str(BROKEN)], tenant="broken")
    assert (ended.exit_code, ended.stdout) == (7, "")
    assert sum(line.startswith(f"{BROKEN}/") for line in ended.stderr.splitlines()) == 10
    assert served_home.run(["export", "/nowhere/at/all"], tenant="broken").exit_code == 3


def test_more_than_one_batch_is_said_and_stored(served_home: ServedHome, tmp_path: Path) -> None:
    served_home.tenant("many")
    (tmp_path / "app").mkdir()
    for number in range(31):
        (tmp_path / f"app/k{number}.edge.yaml").write_text(str(number))
    ended = served_home.run(["import", str(tmp_path), "-o", "json"], tenant="many")
    assert json_text.read(ended.stdout)["created"] == 31
    assert ended.stderr == "note: app is more than one batch holds: it is stored in 2 steps\n"


def test_what_is_stored_before_a_refusal_is_said(served_home: ServedHome, tmp_path: Path) -> None:
    served_home.tenant("halfway")
    (tmp_path / "app").mkdir()
    for number in range(31):
        value = "{$ref: x/y}" if number == 30 else str(number)
        (tmp_path / f"app/k{number:02}.edge.yaml").write_text(value)
    ended = served_home.run(["import", str(tmp_path)], tenant="halfway")
    assert (ended.exit_code, ended.stdout) == (7, "")
    assert "warning: 30 entries are stored, the rest is not; run the same command again\n" in ended.stderr
    assert f"{tmp_path}/app/k30.edge.yaml: " in ended.stderr


def test_the_deepest_value_that_files_may_hold_is_stored(served_home: ServedHome, tmp_path: Path) -> None:
    served_home.tenant("deep")
    (tmp_path / "app").mkdir()
    (tmp_path / "app/deep.edge.json").write_text("[" * 61 + "]" * 61)
    ended = served_home.run(["import", str(tmp_path)], tenant="deep")
    assert ended.exit_code == 0, ended.stderr


def test_a_bar_is_for_terminals(fleet: Ended, served_home: ServedHome) -> None:
    command = [sys.executable, "-c", ON_A_TERMINAL, str(BIN / "llm-config"), "import", str(FLEET)]
    variables = served_home.variables("fleet") | {"TERM": "xterm", "COLUMNS": "100"}
    done = subprocess.run(command, env=variables, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    assert "comparing" in done.stdout
    assert "unchanged" in done.stdout
    piped = subprocess.run(command[3:], env=variables, capture_output=True, text=True, check=True)
    assert piped.stderr == ""


def test_an_interruption_leaves_no_half_export(fleet: Ended, served_home: ServedHome, tmp_path: Path) -> None:
    """It comes once the files are being written aside."""
    command = [str(BIN / "llm-config"), "export", str(tmp_path / "out")]
    with subprocess.Popen(command, env=served_home.variables("fleet"), stderr=subprocess.PIPE) as process:
        while process.poll() is None and not any(tmp_path.rglob("*.yaml")):
            os.sched_yield()
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()
    assert (process.returncode, list(tmp_path.iterdir())) in ((130, []), (0, [tmp_path / "out"]))
