"""Configs by every everyday route, as a program meets them."""

from decimal import Decimal
from typing import Any

import httpx
import pytest

from llm_config_client import Client, NotModified, calls
from llm_config_domain.errors import Conflict, NotFound, PreconditionFailed
from tests.e2e.deployments import settled


@pytest.fixture
def at(space: str) -> dict[str, Any]:
    return {"path": f"{space}/model", "environment": "production"}


def test_a_value_comes_back_to_the_digit(client: Client, at: dict[str, Any]) -> None:
    value = {"price": Decimal("0.10"), "limit": 12345678901234567890, "text": "naïve ☃", "list": [None, True, []]}
    stored = client.put_config(value=value, tags={"team": "core"}, classification="restricted", reason="first", **at)
    found = client.get_config(**at)
    assert (found.value, found.version, found.tags) == (value, 1, {"team": "core"})
    assert (found.classification, found.reason, found.etag) == ("restricted", "first", stored.etag)


def test_a_config_goes_through_its_whole_life(client: Client, at: dict[str, Any]) -> None:
    client.create_config(value={"n": 1}, **at)
    with pytest.raises(Conflict):
        client.create_config(value={"n": 1}, **at)
    assert client.patch_config(patch={"n": 2}, if_match='"1"', **at).version == 2
    assert client.patch_config(patch=[{"op": "add", "path": "/m", "value": 3}], **at).value == {"n": 2, "m": 3}
    assert client.rollback_config(version=1, **at).from_version == 1
    client.delete_config(reason="not used", **at)
    with pytest.raises(NotFound):
        client.get_config(**at)
    assert client.restore_config(**at).value == {"n": 1}
    assert client.get_config(version=3, **at).value == {"n": 2, "m": 3}


def test_the_history_names_every_change_newest_first(client: Client, at: dict[str, Any]) -> None:
    for number in range(3):
        client.put_config(value=number, reason=f"number {number}", **at)
    client.delete_config(**at)
    told = [
        (one.version, one.change_type, one.reason) for one in client.every(calls.list_config_versions, limit=2, **at)
    ]
    assert told == [
        (4, "delete", None),
        (3, "update", "number 2"),
        (2, "update", "number 1"),
        (1, "create", "number 0"),
    ]


def test_two_versions_are_told_apart(client: Client, at: dict[str, Any]) -> None:
    client.put_config(value={"a": 1, "b": [1, 2]}, **at)
    client.put_config(value={"a": 2, "b": [1]}, **at)
    told = client.diff_config(from_version=1, to_version=2, **at)
    assert {(one["op"], one["path"]) for one in told.patch} == {("replace", "/a"), ("remove", "/b/1")}
    assert told.summary


def test_an_etag_guards_a_write_and_spares_a_read(client: Client, at: dict[str, Any]) -> None:
    etag = client.put_config(value=1, **at).etag
    with pytest.raises(NotModified):
        client.get_config(if_none_match=etag, **at)
    client.put_config(value=2, if_match=etag, **at)
    with pytest.raises(PreconditionFailed):
        client.put_config(value=3, if_match=etag, **at)
    with pytest.raises(PreconditionFailed):
        client.put_config(value=3, if_none_match="*", **at)
    assert client.get_config(if_none_match=etag, **at).value == 2


def test_what_has_not_changed_is_a_304_without_a_body(client: Client, http: httpx.Client, at: dict[str, Any]) -> None:
    etag = client.put_config(value=1, **at).etag
    url, query = f"/api/v1/configs/{at['path']}", {"environment": at["environment"]}
    first = http.get(url, params=query)
    again = http.get(url, params=query, headers={"If-None-Match": f'"0", {etag}'})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert first.headers["etag"] == again.headers["etag"] == etag


def test_a_write_sent_twice_has_one_effect_and_says_so(http: httpx.Client, at: dict[str, Any]) -> None:
    url, query = f"/api/v1/configs/{at['path']}", {"environment": at["environment"]}
    key = {"Idempotency-Key": f"once-{at['path']}"[:255]}
    first, again, other = (http.put(url, params=query, json={"value": sent}, headers=key) for sent in (1, 1, 2))
    assert (first.status_code, first.json()["version"]) == (201, 1)
    assert (again.json()["version"], again.headers.get("idempotency-replayed")) == (1, "true")
    assert (other.status_code, other.json()["kind"]) == (422, "idempotency_mismatch")
    assert http.get(url, params=query).json()["version"] == 1


def test_a_value_that_no_row_can_hold_comes_back_whole(client: Client, at: dict[str, Any]) -> None:
    value = {"prompt": "☃" * 200_000}
    client.put_config(value=value, **at)
    assert client.get_config(**at).value == value


def test_lists_show_what_there_is_without_values(client: Client, space: str) -> None:
    for key in ("a", "b", "c"):
        client.put_config(f"{space}/{key}", 1, environment="staging", tags={"of": key})
    client.delete_config(f"{space}/c", environment="staging")
    settled(lambda: _listed(client, space) == ["a", "b"], "the list does not show what was written")
    assert [one.key for one in client.every(calls.list_configs, namespace=space, tag="of:b")] == ["b"]
    assert list(client.every(calls.list_configs, namespace=space, environment="production")) == []


def _listed(client: Client, space: str) -> list[str]:
    return [one.key for one in client.every(calls.list_configs, namespace=space, limit=1)]


def test_a_value_can_be_judged_before_it_is_stored(client: Client, at: dict[str, Any]) -> None:
    schema = {"type": "object", "required": ["model"]}
    assert client.validate_config(value={"model": "m"}, schema=schema, **at).valid
    refused = client.validate_config(value={}, schema=schema, **at)
    assert (refused.valid, len(refused.violations)) == (False, 1)
    with pytest.raises(NotFound):
        client.get_config(**at)


def test_a_batch_is_done_whole_or_not_at_all(client: Client, space: str) -> None:
    def put(key: str, **more: Any) -> dict[str, Any]:
        return {"operation": "put", "path": f"{space}/{key}", "environment": "edge", "value": key, **more}

    done = client.batch_configs([put("a"), put("b")], reason="together")
    assert [one.version for one in done.results] == [1, 1]
    with pytest.raises(PreconditionFailed):
        client.batch_configs([put("a"), put("b", if_match='"7"')])
    assert client.get_config(f"{space}/a", environment="edge").version == 1
    each = client.batch_configs([put("a"), put("b", if_match='"7"')], atomic=False)
    assert [one.status for one in each.results] == [200, 412]
    assert client.get_config(f"{space}/a", environment="edge").version == 2


def test_changes_are_told_in_order_and_from_where_a_reader_was(client: Client, space: str) -> None:
    for number in range(3):
        client.put_config(f"{space}/k", number, environment="global")
    client.delete_config(f"{space}/k", environment="global")
    settled(lambda: len(client.changes(space).changes) == 4, "the feed does not show what was written")
    page = client.changes(space, limit=100)
    assert [(one.version, one.change_type) for one in page.changes] == [
        (1, "create"), (2, "update"), (3, "update"), (4, "delete")]  # fmt: skip
    client.put_config(f"{space}/l", "later", environment="global")
    settled(lambda: len(client.changes(space, page.next).changes) == 1, "the feed does not go on")
    assert [one.value for one in client.changes(space, page.next).changes] == ["later"]
