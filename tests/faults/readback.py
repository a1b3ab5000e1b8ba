"""What was acknowledged, asked for again: each kind of acknowledgement says where it can be found."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from llm_config_domain import json_text
from tests.support.exemplars import Exemplar
from tests.support.homes import Reply

Get = Callable[[str], Reply]
MOVES = frozenset({"stage", "next_rotation_at"})
"""A later move changes these of a version that stays as it was."""


def check_readable(get: Get, sent: Exemplar, told: Reply, *, opens: bool = False) -> None:
    """Raises AssertionError, naming the operation, when what `told` acknowledged is not there as it said; with `opens`, a
    secret's version when it does not open to what was stored."""
    for url, expected in [*_places(sent, told), *(_sealed(sent, told) if opens else ())]:
        found = get(url)
        assert found.status == 200, f"an acknowledged {sent.operation} is not readable: {found.text}"
        read = _item(found.json, expected)
        assert read is not None, f"an acknowledged {sent.operation} is not in the history"
        same = (set(expected) & set(read)) - MOVES
        assert {name: read[name] for name in same} == {name: expected[name] for name in same}


def _places(sent: Exemplar, told: Reply) -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: C901 - a shape a branch
    """(where to read, what must stand there)."""
    if told.status == 204:
        route, _, name = sent.url.removeprefix("/api/v1/").partition("?")[0].partition("/")
        if route == "configs":
            yield f"/api/v1/config-versions/{name}?{_environment(sent.url)}", {"change_type": "delete"}
        return
    body = told.json
    if "results" in body:
        yield from _of_batch(sent, body)
    elif "versions" in body:
        yield from (_of_entry("secret-versions", entry) for entry in body["versions"])
    elif "version_id" in body:
        yield _of_entry("secret-versions", body)
    elif {"rotation_id", "timezone", "accepted", "times", "generation"} & set(body):
        yield from _of_what_counts(body)
    elif "configs_revision" in body:
        yield f"/api/v1/namespaces/{body['namespace']}", {name: body[name] for name in ("namespace", "created_at")}
    elif "version" in body:
        expected = {**body, **({"value": _exact(sent.body["value"])} if _is_whole(sent) else {})}
        name = f"{body['namespace']}/{body['key']}"
        yield f"/api/v1/configs/{name}?environment={body['environment']}&version={body['version']}", expected
    else:
        yield told.headers["Location"], body


def _sealed(sent: Exemplar, told: Reply) -> Iterator[tuple[str, dict[str, Any]]]:
    """Where a stored secret's version is opened, and what it holds."""
    if _is_whole(sent) and "version_id" in told.json:
        route, entry = _of_entry("secrets", told.json)
        yield f"{route}&version={entry['version']}", {"version": entry["version"], "value": _exact(sent.body["value"])}


def _of_what_counts(body: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """A rotation is there; schedules come and go; what is counted, or was only asked, is read nowhere."""
    if "rotation_id" in body:
        yield f"/api/v1/rotations/{body['rotation_id']}", {"rotation_id": body["rotation_id"]}


def _of_batch(sent: Exemplar, body: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for result in body["results"]:
        one = sent.body["operations"][result["operation_index"]]
        if result["status"] < 300 and not body["dry_run"]:
            where = f"{one['path']}?environment={one['environment']}&version={result['version']}"
            yield f"/api/v1/configs/{where}", {"version": result["version"]}


def _of_entry(route: str, entry: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return f"/api/v1/{route}/{entry['namespace']}/{entry['key']}?environment={entry['environment']}", entry


def _item(found: Any, expected: dict[str, Any]) -> dict[str, Any] | None:
    """The answer itself, or the one item of a history that is meant."""
    if "items" not in found:
        return dict(found)
    told = ("version", "change_type") if "version" in expected else ("change_type",)
    return next((item for item in found["items"] if all(item[name] == expected[name] for name in told)), None)


def _is_whole(sent: Exemplar) -> bool:
    return isinstance(sent.body, dict) and "value" in sent.body


def _exact(value: Any) -> Any:
    return json_text.read(json.dumps(value))


def _environment(url: str) -> str:
    return next(pair for pair in url.partition("?")[2].split("&") if pair.startswith("environment="))
