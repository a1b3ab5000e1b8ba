"""Import and export between files and a service: what is sent, what is left alone, and what comes back the same."""

import asyncio
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from llm_config_client import UnreadableAnswer, calls
from llm_config_client.files.directory import read_directory
from llm_config_client.files.entries import Entry
from llm_config_client.transfers import exports, imports
from llm_config_client.transfers.exports import Format
from llm_config_client.transfers.plan import Change, batches
from llm_config_domain import json_text
from llm_config_domain.errors import Malformed, NotFound, PreconditionFailed, Unavailable, ValueRefused, Violation
from tests.support.fleet import FLEET
from tests.unit.client.answering import CONFIG, Answering, answered, refused
from tests.unit.client.storing import Storing


def entry(path: str = "app/a", value: Any = 1, environment: str = "production", **more: Any) -> Entry:
    namespace, _, key = path.rpartition("/")
    file = f"{path}.{environment}.yaml"
    return Entry(namespace=namespace, key=key, environment=environment, value=value, file=file, **more)


def compared(server: Storing, *entries: Entry) -> list[Change]:
    return list(imports.compare(server.client(), entries))


def brought(server: Storing, entries: Sequence[Entry]) -> list[str]:
    """The outcomes of an import."""
    changes = compared(server, *entries)
    with server.client() as client:
        for batch in batches(changes):
            imports.send(client, batch)
    return [change.outcome for change in changes]


def exported(server: Storing, directory: Path, format: Format = "yaml") -> dict[str, bytes]:  # noqa: A002
    with server.client() as client, exports.into(directory, format) as files:
        for listed in exports.fetch(client):
            files.add(exports.read(client, listed))
    return {str(file.relative_to(directory)): file.read_bytes() for file in directory.rglob("*") if file.is_file()}


def test_a_new_entry_is_created_and_only_as_a_new_one() -> None:
    [change] = compared(Storing(), entry(classification="restricted", tags={"team": "core"}))
    assert change.operation == {"operation": "create", "path": "app/a", "environment": "production", "value": 1,
                                "classification": "restricted", "tags": {"team": "core"}}  # fmt: skip


def test_a_changed_entry_is_written_at_the_version_that_was_compared_and_keeps_what_files_do_not_say() -> None:
    server = Storing()
    server.put("app/a", "production", 1, "confidential", {"team": "core"}, version=7)
    [change] = compared(server, entry(value=2))
    assert change.operation == {"operation": "put", "path": "app/a", "environment": "production", "value": 2,
                                "classification": "confidential", "tags": {"team": "core"}, "if_match": '"7"'}  # fmt: skip


@pytest.mark.parametrize(
    ("stored", "wanted", "outcome"),
    [
        pytest.param({"a": 1, "b": 2}, {"b": 2, "a": 1}, "unchanged", id="another order of names"),
        pytest.param(Decimal("1.10"), Decimal("1.1"), "update", id="another number of digits"),
        pytest.param(Decimal("1.0"), 1, "update", id="a fraction and an integer"),
        pytest.param(1, True, "update", id="one and true"),
        pytest.param([1, 2], [2, 1], "update", id="another order of items"),
    ],
)
def test_unchanged_is_the_same_to_the_digit(stored: Any, wanted: Any, outcome: str) -> None:
    server = Storing()
    server.put("app/a", "production", stored)
    assert [change.outcome for change in compared(server, entry(value=wanted))] == [outcome]


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        pytest.param({}, "unchanged", id="nothing"),
        pytest.param({"tags": {"team": "core"}, "classification": "public"}, "unchanged", id="the same"),
        pytest.param({"tags": {}}, "update", id="no tags"),
        pytest.param({"classification": "internal"}, "update", id="another classification"),
        pytest.param({"added_tags": {"env_name": "A"}}, "update", id="one more tag"),
        pytest.param({"added_tags": {"team": "core"}}, "unchanged", id="a tag that is there"),
    ],
)
def test_what_files_say_beside_the_value_counts(said: dict[str, Any], outcome: str) -> None:
    server = Storing()
    server.put("app/a", "production", 1, "public", {"team": "core"})
    assert [change.outcome for change in compared(server, entry(**said))] == [outcome]


def test_an_entry_that_is_deleted_between_listing_and_reading_is_created() -> None:
    server = Storing()
    server.put("app/a", "production", 1)
    listed = server._list(httpx.QueryParams())
    answering = Answering(answered(json_text.write(listed)), refused(NotFound()))
    [change] = imports.compare(answering.client(), [entry()])
    assert change.outcome == "create"


def test_a_second_import_of_the_fleet_sends_nothing() -> None:
    server, entries = Storing(), read_directory(FLEET).entries
    assert set(brought(server, entries)) == {"create"}
    sent = len(server.batches)
    assert set(brought(server, entries)) == {"unchanged"}
    assert len(server.batches) == sent
    assert server.stored["services/gateway/log_level", "production"]["tags"] == {"env_name": "LOG_LEVEL"}


def test_batches_are_within_the_limits_and_keep_a_namespace_together() -> None:
    entries = [entry(f"n{namespace}/k{key}") for namespace in range(12) for key in range(4)]
    packed = batches(compared(Storing(), *entries))
    for batch in packed:
        assert len(batch.operations) <= 30
        assert len({one["path"].partition("/")[0] for one in batch.operations}) <= 8
        assert batch.parts == 1
    homes = [{one["path"].partition("/")[0] for one in batch.operations} for batch in packed]
    assert sum(map(len, homes)) == 12
    assert len(packed) == 2


def test_a_namespace_that_is_too_much_comes_in_parts_and_they_say_so() -> None:
    packed = batches(compared(Storing(), *[entry(f"app/k{key}") for key in range(70)], entry("other/a")))
    assert [(len(batch.operations), batch.part, batch.parts) for batch in packed] == [
        (30, 1, 3), (30, 2, 3), (10, 3, 3), (1, 1, 1)]  # fmt: skip


def test_large_values_part_by_their_size() -> None:
    packed = batches(compared(Storing(), *[entry(f"app/k{key}", "é" * 500_000) for key in range(5)]))
    assert [len(batch.operations) for batch in packed] == [3, 2]
    for batch in packed:
        assert len(calls.batch_configs(batch.operations).content or b"") <= 4_000_000


def test_a_refusal_names_the_file() -> None:
    def refusing(one: Any) -> None:
        if one.path == "app/b":
            raise ValueRefused(violations=[Violation("/value/pool/size", "type", "must be a number")])

    server = Storing(refusing=refusing)
    [batch] = batches(compared(server, entry("app/a"), entry("app/b", line=7)))
    with pytest.raises(ValueRefused) as refusal:
        imports.send(server.client(), batch)
    assert [violation.path for violation in refusal.value.violations] == ["app/b.production.yaml:7: /pool/size"]
    assert server.stored == {}


def test_what_another_wrote_meanwhile_is_not_written_over() -> None:
    server = Storing()
    server.put("app/a", "production", 1)
    [batch] = batches(compared(server, entry(value=2)))
    server.put("app/a", "production", 3, version=2)
    with pytest.raises(PreconditionFailed) as refusal:
        imports.send(server.client(), batch)
    assert [violation.path for violation in refusal.value.violations] == ["app/a.production.yaml"]
    assert server.stored["app/a", "production"]["value"] == 3


def test_an_answer_that_leaves_a_change_out_is_not_believed() -> None:
    [batch] = batches(compared(Storing(), entry()))
    with pytest.raises(UnreadableAnswer):
        imports.send(Answering(answered({"results": []})).client(), batch)


def test_a_dry_run_changes_nothing() -> None:
    server = Storing()
    [batch] = batches(compared(server, entry()))
    [done] = imports.send(server.client(), batch, dry_run=True)
    assert (done.version, server.stored) == (1, {})


@pytest.mark.parametrize("format", ["yaml", "json", "toml"])
def test_export_import_export_is_the_same_bytes(format: Format, tmp_path: Path) -> None:  # noqa: A002
    first, second = Storing(page=50), Storing()
    brought(first, read_directory(FLEET).entries)
    bytes_of_first = exported(first, tmp_path / "first", format)
    reading = read_directory(tmp_path / "first")
    assert (reading.faults, reading.skipped) == ([], [])
    brought(second, reading.entries)
    assert exported(second, tmp_path / "second", format) == bytes_of_first
    for name, stored in first.stored.items():
        assert json_text.canonical(second.stored[name]) == json_text.canonical(stored)


def test_what_toml_cannot_hold_is_yaml(tmp_path: Path) -> None:
    server = Storing()
    for key, value in {"a": {"n": 1}, "b": {"n": None}, "c": [1], "d": {"n": 2**63}, "e": {}}.items():
        server.put(f"app/{key}", "edge", value)
    assert sorted(exported(server, tmp_path / "x", "toml")) == [
        "app/a.edge.toml", "app/b.edge.yaml", "app/c.edge.yaml", "app/d.edge.yaml", "app/e.edge.yaml"]  # fmt: skip


def test_metadata_is_written_where_there_is_any(tmp_path: Path) -> None:
    server = Storing()
    server.put("app/b", "edge", 1, "restricted", {"z": "1", "a": "x"})
    server.put("app/a", "edge", 1)
    files = exported(server, tmp_path / "x")
    assert files["app/_metadata.yaml"].decode() == (
        'b.edge:\n  classification: restricted\n  tags:\n    a: x\n    z: "1"\n'
    )


@pytest.mark.parametrize("namespace", ["../out", "/etc", "app/../..", "App"])
def test_a_name_that_would_lead_out_of_the_directory_is_refused(namespace: str, tmp_path: Path) -> None:
    server = Storing()
    server.put(f"{namespace}/a", "edge", 1)
    with pytest.raises(Malformed):
        exported(server, tmp_path / "in" / "x")
    assert list(tmp_path.rglob("*")) == [tmp_path / "in"]


def test_an_export_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    server = Answering(answered(CONFIG), refused(Unavailable()))
    with pytest.raises(Unavailable), exports.into(tmp_path / "x", "yaml") as files:
        files.add(server.client().get_config("app/a", environment="edge"))
        server.client(attempts=1).get_config("app/b", environment="edge")
    assert list(tmp_path.iterdir()) == []


def test_a_listing_goes_to_its_end_or_fails() -> None:
    server = Storing(page=2)
    for number in range(5):
        server.put(f"app/k{number}", "edge", number)
    with server.client() as client:
        assert [each.key for each in client.every(calls.list_configs, namespace="app")] == [
            "k0",
            "k1",
            "k2",
            "k3",
            "k4",
        ]
    page = {"items": [], "next_cursor": "again"}
    with pytest.raises(UnreadableAnswer):
        list(Answering(answered(page)).client().every(calls.list_configs))
    with pytest.raises(Unavailable):
        list(Answering(answered(page), refused(Unavailable())).client(attempts=1).every(calls.list_configs))


def test_the_async_client_lists_the_same() -> None:
    async def keys() -> list[str]:
        pages = [
            {"items": [{**CONFIG, "key": key}], "next_cursor": cursor} for key, cursor in (("a", "1"), ("b", None))
        ]
        async with Answering(*map(answered, pages)).async_client() as client:
            return [each.key async for each in client.every(calls.list_configs)]

    assert asyncio.run(keys()) == ["a", "b"]
