"""`llm-config-local dump`: all that a home holds, one JSON object a line, and no secret anywhere in it."""

import base64
import json
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from llm_config_contract.events import CloudEvent, DenialData
from tests.support.processes import Served, dump, run, served

CANARY = 'canary-§-"quoted"-7f3a9c'
PLAIN = "a-config-that-may-be-seen-5b1d"
WHATS = ("store", "events", "journal", "rotations")


def forms(secret: str) -> dict[str, bytes]:
    """How a secret could stand in a file."""
    raw = secret.encode()
    return {
        "raw": raw,
        "base64": base64.b64encode(raw)[:-4],
        "base64url": base64.urlsafe_b64encode(raw)[:-4],
        "hex": raw.hex().encode(),
        "url": urllib.parse.quote(secret).encode(),
        "JSON": json.dumps(secret)[1:-1].encode(),
        "JSON in JSON": json.dumps(json.dumps(secret))[3:-3].encode(),
    }


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A home with a few versions of everything, that still runs: much of it is in the write-ahead log alone."""
    with served(tmp_path_factory.mktemp("dump") / "home") as home:
        tenant = home.tenant("acme")
        with home.client(home.token(tenant, "operator", subject="user:eve")) as client:
            for version in range(1, 4):
                config = client.put(
                    "/api/v1/configs/app/known?environment=production", json={"value": [PLAIN, version]}
                )
                body = {"type": "generic", "value": {CANARY: CANARY, "version": version}}
                headers = {"Idempotency-Key": f"key-{version}"}
                url = "/api/v1/secrets/app/key?environment=production"
                secret = client.put(url, json=body, headers=headers)
                again = client.put(url, json=body, headers=headers)
                other = client.put(url, json={**body, "value": CANARY}, headers=headers)
                assert (config.status_code, secret.status_code) == ((201, 201) if version == 1 else (200, 200))
                assert (again.headers["Idempotency-Replayed"], other.status_code) == ("true", 422)
            assert client.get("/api/v1/secrets/app/key?environment=production").json()["value"][CANARY] == CANARY
            assert client.put("/api/v1/secrets/app/key", json={"value": CANARY}).status_code == 400
            assert client.put("/api/v1/secrets/app/key?environment=production", content=CANARY).status_code == 400
        with home.client(home.token(tenant, "viewer")) as client:
            assert client.get("/api/v1/secrets/app/key?environment=production").status_code == 403
        yield home


def test_each_config_version_has_one_event_whose_id_is_the_journals(lived_in: Served) -> None:
    events = [CloudEvent.model_validate(event) for event in lived_in.dump("events")]
    journal = {entry["id"]: entry for entry in lived_in.dump("journal")}
    assert {event.id for event in events} <= journal.keys()
    assert max(Counter(event.id for event in events).values()) == 1
    changed = [event for event in events if event.type.startswith("com.llm.config.")]
    assert [(event.data.version, event.data.previous_version, event.type) for event in changed] == [
        (1, None, "com.llm.config.created"),
        (2, 1, "com.llm.config.updated"),
        (3, 2, "com.llm.config.updated"),
    ]
    assert {(event.data.namespace, event.data.key, event.data.environment) for event in changed} == {
        ("app", "known", "production")
    }
    assert [event.data.version for event in events if event.type.startswith("com.llm.secret.")] == [1, 2, 3]
    assert [event.data.actor for event in events if isinstance(event.data, DenialData)] == ["user:local"]


def test_the_store_is_shown_whole_and_its_secrets_sealed(lived_in: Served) -> None:
    rows = lived_in.dump("store")
    assert {row["table"] for row in rows} >= {"tenants", "config_versions", "secret_versions", "journal", "idempotency"}
    sealed = [row["sealed"] for row in rows if row["table"] == "secret_versions"]
    assert len(sealed) == 3 and all(text.startswith("020478") for text in sealed)


def test_rotations_are_none_yet(lived_in: Served) -> None:
    assert lived_in.dump("rotations") == []


@pytest.fixture(scope="module")
def sinks(lived_in: Served) -> dict[str, bytes]:
    """Everything that the home shows or writes, by name."""
    dumps = {what: run("dump", "--data-dir", lived_in.directory, "--what", what).stdout.encode() for what in WHATS}
    return dumps | {path.name: path.read_bytes() for path in [*lived_in.directory.iterdir(), lived_in.log]}


def found(sought: bytes, sinks: dict[str, bytes]) -> set[str]:
    return {name for name, content in sinks.items() if sought in content}


@pytest.mark.parametrize("form", forms(CANARY))
def test_no_secret_stands_in_any_dump_or_file(sinks: dict[str, bytes], form: str) -> None:
    assert found(forms(CANARY)[form], sinks) == set()


def test_a_value_that_may_be_seen_is_found_by_the_same_search(sinks: dict[str, bytes]) -> None:
    """Or the search above would prove nothing."""
    assert found(PLAIN.encode(), sinks) == {"store", "store.sqlite-wal"}


def test_a_home_that_was_killed_or_stopped_can_be_dumped(tmp_path: Path) -> None:
    with served(tmp_path / "home") as home:
        home.tenant("acme")
        home.kill()
        killed = dump(home.directory, "journal")
        home.start()
        assert home.stop() == 0
        stopped = dump(home.directory, "journal")
    assert [entry["event_type"] for entry in killed].count("tenant.created") == 2
    assert stopped[: len(killed)] == killed


@pytest.mark.parametrize("what", WHATS)
def test_a_directory_that_holds_no_store_is_told_in_one_line(tmp_path: Path, what: str) -> None:
    done = run("dump", "--data-dir", tmp_path, "--what", what)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)


def test_a_store_that_is_no_database_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "store.sqlite").write_bytes(b"no database" * 500)
    done = run("dump", "--data-dir", tmp_path, "--what", "store")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
