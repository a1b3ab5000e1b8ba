"""The other secrets that a target's options name: who may name them, and what is on record when one is used."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from llm_config.adapters.targets.credentials import NamedSecret
from llm_config_domain import policy
from llm_config_domain.errors import Unavailable
from llm_config_domain.names import Name
from llm_config_domain.policy import Effect, Permission
from tests.rotation.running import ENVIRONMENT, SECRET, Running
from tests.rotation.test_asking import SCHEDULES
from tests.rotation.test_runs import ZERO
from tests.support.turns import AskedTurn

POOL = SECRET.replace("keys/main", "keys/pool")
NEW = SECRET.replace("keys/main", "keys/new")
TARGET = {"kind": "key_pool", "pool": "keys/pool"}
PUT = {"type": "generic", "value": "first", "rotation": {"target": TARGET}}


@pytest.fixture
def writer(monkeypatch: pytest.MonkeyPatch) -> str:
    """A role that may do everything with secrets and read none."""
    verbs = frozenset({"write", "rotate", "list"})
    monkeypatch.setitem(policy.ROLES, "writer", (Permission(Effect.ALLOW, verbs, "secrets:*", frozenset()),))
    return "writer"


def journal(run: Running, event_type: str) -> list[dict[str, Any]]:
    with run.kit.family.store.snapshot() as db:
        lines = db.execute("SELECT entry FROM journal ORDER BY sequence").fetchall()
    return [told for (line,) in lines if (told := json.loads(line))["event_type"] == event_type]


@pytest.mark.parametrize(
    ("method", "url", "body"),
    [
        pytest.param("PUT", SECRET, PUT, id="put_secret"),
        pytest.param("POST", NEW, PUT, id="create_secret"),
        pytest.param("PUT", SCHEDULES, {"schedule": "1h", "target": TARGET}, id="put_rotation_schedule"),
    ],
)
def test_who_may_not_read_a_secret_cannot_have_a_rotation_read_it(
    run: Running, writer: str, method: str, url: str, body: Any
) -> None:
    run.ask("PUT", POOL, {"type": "generic", "value": ["first", "second"]}, 201)
    run.ask(method, url, body, 403, role=writer)
    denied = journal(run, "access.denied")
    assert denied[-1]["resource"] == {"type": "secrets", "id": "keys/pool", "environment": ENVIRONMENT}
    run.ask(method, url, body, 201 if method == "POST" else 200)  # who may read it
    body = {key: said for key, said in body.items() if key not in ("target", "rotation")}
    run.ask(method, url.replace("keys/new", "keys/newer"), body, 201 if method == "POST" else 200, role=writer)


@pytest.mark.parametrize("option", ["admin", "authority", "pool", "webhook"])
@pytest.mark.parametrize("said", [7, None, "no-path", "UPPER/case", "a/b/../c"])
def test_an_option_that_names_a_secret_is_a_path(run: Running, option: str, said: Any) -> None:
    run.ask("PUT", SECRET, {**PUT, "rotation": {"target": {"kind": "generic", option: said}}}, 400)


def test_each_use_of_a_named_secret_is_on_record_as_an_access_by_the_rotation(run: Running) -> None:
    run.ask("PUT", POOL, {"type": "generic", "value": ["first", "second"]}, 201)
    run.ask("PUT", SECRET, PUT)
    run.use_real_targets()
    assert run.view(run.start(**ZERO))["status"] == "completed"
    assert run.ask("GET", SECRET)["value"] == "second"
    found = [told for told in journal(run, "secret.accessed") if told["resource"]["id"] == "keys/pool"]
    assert {told["actor"]["id"] for told in found} == {"system:rotation"}
    assert {told["metadata"]["version"] for told in found} == {1} and len(found) == 2  # to take a key, and to test it
    (through,) = {told["metadata"]["through"] for told in found}
    assert through.startswith("rotations/")


def test_a_named_secret_whose_use_cannot_be_recorded_is_not_opened(run: Running) -> None:
    run.ask("PUT", POOL, {"type": "generic", "value": ["first", "second"]}, 201)
    run.ask("PUT", SECRET, PUT)
    opened: list[str] = []
    unsealer: Any = SimpleNamespace(unseal=lambda name, *_: opened.append(name.path))
    journal: Any = SimpleNamespace(append=_down)
    recording = {"journal": journal, **{port: run.kit.provide(port) for port in ("identifiers", "clock")}}
    credential = NamedSecret("pool", run.kit.provide("secret_reader"), unsealer, **recording)
    name = Name(run.tenant, "keys", "main", ENVIRONMENT)
    with pytest.raises(Unavailable):
        credential(AskedTurn(name=name, target=TARGET))
    assert opened == []


def _down(entries: Any) -> None:
    raise Unavailable("down")
