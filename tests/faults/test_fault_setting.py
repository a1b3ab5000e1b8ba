"""`LLM_CONFIG_FAULTS`: what an embedded home does with it, what it says to a wrong one, and who never sees it."""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from llm_config_domain.errors import Unavailable
from llm_config_local.adapters.faulty import CRASHED_STATUS, EVERY, SLOW_SECONDS, Fault, Faults, Kind
from llm_config_local.faults import SETTING, faults_of
from llm_config_local.home import HomeError
from tests.support.golden import ROOT
from tests.support.processes import COMMAND, Served, run, until

CONFIG = "/api/v1/configs/app/known?environment=production"
SECRET = "/api/v1/secrets/app/known?environment=production"
APPEND = {"port": "journal", "method": "append", "nth": 1, "kind": "error"}


def setting(*faults: dict[str, Any]) -> dict[str, str]:
    return {SETTING: json.dumps(faults)}


def served(directory: Path, *faults: dict[str, Any]) -> Served:
    return Served(directory / "home", environment=setting(*faults)).start()


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param("[", "not JSON", id="no JSON"),
        pytest.param("[" * 100_000, "not JSON", id="JSON that is too deep"),
        pytest.param('{"port": "journal"}', "a list", id="no list"),
        pytest.param("[1]", "exactly port, method, nth and kind", id="no object"),
        pytest.param('[{"port": "journal", "method": "append"}]', "exactly", id="fields that are missing"),
        pytest.param(json.dumps([{**APPEND, "more": 1}]), "exactly", id="a field too many"),
        pytest.param(json.dumps([{**APPEND, "port": "ledger"}]), "no such port", id="an unknown port"),
        pytest.param(json.dumps([{**APPEND, "port": ["journal"]}]), "no such port", id="a port that is no name"),
        pytest.param(json.dumps([{**APPEND, "method": "erase"}]), "has append", id="an unknown method"),
        pytest.param(json.dumps([APPEND, {**APPEND, "kind": "fire"}]), "fault 2", id="an unknown kind"),
        pytest.param(json.dumps([{**APPEND, "kind": None}]), "a kind is one of error", id="a kind that is no word"),
        pytest.param(json.dumps([{**APPEND, "nth": 0}]), "nth", id="a call before the first"),
        pytest.param(json.dumps([{**APPEND, "nth": True}]), "nth", id="a call that is no number"),
        pytest.param(json.dumps([{**APPEND, "nth": "all"}]), "nth", id="a word that is not every"),
    ],
)
def test_a_wrong_setting_is_refused_in_one_line(told: str, expected: str) -> None:
    with pytest.raises(HomeError, match=expected) as refused:
        faults_of({SETTING: told})
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("command", ["serve", "up"])
@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({SETTING: '[{"port": "ledger"}]'}, id="a wrong setting"),
        pytest.param({**setting(APPEND), "AWS_EXECUTION_ENV": "AWS_Lambda_python3.12"}, id="on AWS"),
    ],
)
def test_the_home_does_not_start(tmp_path: Path, command: str, environment: dict[str, str]) -> None:
    done = run(command, "--data-dir", tmp_path / "home", env={**os.environ, **environment})
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert done.stderr.startswith(f"error: {SETTING}")
    assert not (tmp_path / "home").exists()


def test_without_the_setting_there_are_no_faults_even_on_aws() -> None:
    assert faults_of({"AWS_EXECUTION_ENV": "AWS_Lambda_python3.12"}) == faults_of({SETTING: ""}) == []


def test_the_journal_counts_entries_that_ride_in_a_writers_transaction(tmp_path: Path) -> None:
    """The second entry of the home's requests is the config's: what set the home up is not counted."""
    with served(tmp_path, {**APPEND, "nth": 2}) as home:
        with home.client(home.token(home.tenant("acme"), "operator")) as client:
            refused = client.put(CONFIG, json={"value": 1})
            assert (refused.status_code, refused.json()["kind"]) == (503, "unavailable")
            assert client.get(CONFIG).status_code == 404
            assert client.put(CONFIG, json={"value": 1}).json()["version"] == 1
        assert "faults are active: error at journal.append (2)" in home.log.read_text().splitlines()


def test_no_secret_leaves_while_the_journal_fails_after_its_effect(tmp_path: Path) -> None:
    with served(tmp_path, {**APPEND, "nth": 3, "kind": "after_effect"}) as home:
        with home.client(home.token(home.tenant("acme"), "operator")) as client:
            assert client.put(SECRET, json={"type": "generic", "value": "canary"}).status_code == 201
            refused = client.get(SECRET)
            assert (refused.status_code, "canary" in refused.text) == (503, False)
            assert client.get(SECRET).json()["value"] == "canary"
        assert home.stop() == 0
        read = [entry for entry in home.dump("journal") if entry["event_type"] == "secret.accessed"]
        assert sorted(entry["result"]["status"] for entry in read) == ["failure", "success", "success"]


def test_a_failing_access_log_loses_nothing_but_its_entry_and_its_gap_shows(tmp_path: Path) -> None:
    with served(tmp_path, {"port": "access_log", "method": "*", "nth": "every", "kind": "error"}) as home:
        tenant = home.tenant("acme")
        with home.client(home.token(tenant, "operator")) as client:
            assert client.put(CONFIG, json={"value": 1}).status_code == 201
            assert client.get(CONFIG).json()["value"] == 1
        assert home.stop() == 0
        told = [entry for entry in home.dump("journal") if entry["tenant"] == tenant]
        assert [entry["event_type"] for entry in told] == ["tenant.created", "config.created", "audit.gap"]


def test_a_slow_port_is_slow_and_a_crash_ends_the_process(tmp_path: Path) -> None:
    faults = [
        {"port": "config_reader", "method": "entry", "nth": 1, "kind": "slow"},
        {"port": "config_writer", "method": "write", "nth": 2, "kind": "crash"},
    ]
    with served(tmp_path, *faults) as home:
        tenant = home.tenant("acme")
        with home.client(home.token(tenant, "operator")) as client:
            assert client.put(CONFIG, json={"value": 1}).status_code == 201
            began = time.monotonic()
            assert client.get(CONFIG).status_code == 200
            assert SLOW_SECONDS <= time.monotonic() - began < SLOW_SECONDS + 5
            with pytest.raises(httpx.TransportError):
                client.put(CONFIG, json={"value": 2})
        assert home.ended() == CRASHED_STATUS
        home.start()
        with home.client(home.token(tenant, "operator")) as client:
            assert client.get(CONFIG).json()["version"] == 1


def test_up_reaches_the_same_wrappers(tmp_path: Path) -> None:
    said = tmp_path / "said"
    with said.open("wb") as log:
        command = [COMMAND, "up", "--port", "0"]
        faults = setting({"port": "health_probe", "method": "check", "nth": "every", "kind": "timeout"})
        home = subprocess.Popen(
            [*command, "--data-dir", str(tmp_path / "home")], env={**os.environ, **faults}, stdout=log, stderr=log
        )
    try:
        until(lambda: "Ctrl-C stops it" in said.read_text(), "the home did not become ready")
        url = (tmp_path / "home" / "url").read_text()
        assert httpx.get(f"{url}/health/ready", trust_env=False).status_code == 503
        assert httpx.get(f"{url}/health/live", trust_env=False).status_code == 200
        assert "faults are active: timeout at health_probe.check (every)" in said.read_text()
    finally:
        home.kill()
        home.wait()


def test_every_function_and_every_port_of_aws_is_made_without_the_wrappers() -> None:
    code = """
import importlib, pathlib, sys
for path in pathlib.Path("functions").glob("*/*/handler.py"):
    importlib.import_module(".".join(path.with_suffix("").parts))
from llm_config.runtime.aws_family import FACTORIES
for make in FACTORIES.values():
    make()
print(sum(name.startswith("functions.") and name.endswith(".handler") for name in sys.modules))
print(sum(name.startswith("llm_config_local") for name in sys.modules))
"""
    environment = {
        "LLM_CONFIG_TABLE_PREFIX": "p-",
        "LLM_CONFIG_VALUES_BUCKET": "b",
        "LLM_CONFIG_ISSUERS": "{}",
        "AWS_DEFAULT_REGION": "us-east-1",
        **setting({**APPEND, "nth": "every", "kind": "crash"}),
    }
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment, cwd=ROOT
    )
    functions = len(list((ROOT / "functions").glob("*/*/handler.py")))
    assert functions > 0
    assert list(map(int, done.stdout.split())) == [functions, 0]


class CountingPort:
    def __init__(self) -> None:
        self.called = 0

    def call(self) -> int:
        self.called += 1
        return self.called


def test_under_threads_the_nth_call_alone_is_struck() -> None:
    faults, failed, lock = Faults([Fault("port", "call", 500, Kind.ERROR)]), [], threading.Lock()
    port = faults.around({"port": CountingPort})["port"]()

    def calling() -> None:
        for _ in range(100):
            try:
                port.call()
            except Unavailable:
                with lock:
                    failed.append(1)

    threads = [threading.Thread(target=calling) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(failed), faults.calls) == (1, {("port", "call"): 1000})


def test_an_append_of_several_entries_counts_each_and_is_struck_whole() -> None:
    taken: list[Any] = []

    class Taking:
        append = staticmethod(taken.append)

    faults = Faults([Fault("journal", "*", 3, Kind.ERROR)])
    port = faults.around({"journal": Taking})["journal"]()
    port.append(["one", "two"])
    with pytest.raises(Unavailable):
        port.append(["three", "four"])
    port.append(["five"])
    assert (taken, faults.calls) == ([["one", "two"], ["five"]], {("journal", "append"): 5})


def test_faults_are_shared_by_all_adapters_of_a_port() -> None:
    """A port that two first requests opened at once has two wrappers, and still one count."""
    faults = Faults([Fault("port", "call", EVERY, Kind.AFTER_EFFECT)])
    make = faults.around({"port": CountingPort})["port"]
    for port in (make(), make()):
        with pytest.raises(Unavailable):
            port.call()
    assert faults.calls == {("port", "call"): 2}
