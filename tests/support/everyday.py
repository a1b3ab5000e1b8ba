"""Everyday requests to a home, and what tests ask of the answers."""

from typing import Any

from llm_config_domain.journal import JournalEntry
from tests.support.homes import EmbeddedKit, Reply

CONFIGS, CHANGES, BATCHES = "/api/v1/configs", "/api/v1/changes", "/api/v1/config-batches"
RESOLVED = "/api/v1/resolved"


def put(
    home: EmbeddedKit, token: str, path: str, value: Any = 1, environment: str = "production", **more: Any
) -> Reply:
    url = f"{CONFIGS}/{path}?environment={environment}"
    reply = home.call("PUT", url, {"value": value, **more}, token=token)
    assert reply.status in (200, 201), reply.text
    return reply


def ok(reply: Reply) -> Any:
    assert reply.status == 200, reply.text
    return reply.json


def refused(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.json["kind"]


def names(page: Any) -> list[str]:
    return [f"{item['namespace']}/{item['key']}@{item['environment']}" for item in page["items"]]


def walked(home: EmbeddedKit, token: str, url: str) -> list[Any]:
    """All pages of a list, to the one without a cursor."""
    found, cursor = [], ""
    while True:
        page = ok(home.call("GET", f"{url}{cursor}", token=token))
        found.append(page)
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


def fill(home: EmbeddedKit, token: str) -> None:
    for path in ("a/one", "a/two", "a/b/one", "c/one"):
        for environment in ("development", "production"):
            put(home, token, path, environment=environment, tags={"owner": path[0]})


def recorded(home: EmbeddedKit, event_type: str) -> list[JournalEntry]:
    return [entry for entry in home.accesses() if entry.event_type == event_type]


def one(operation: str, path: str, environment: str = "production", **more: Any) -> dict[str, Any]:
    return {"operation": operation, "path": path, "environment": environment, **more}
