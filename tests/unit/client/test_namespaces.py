"""A whole namespace: nothing less than what the service counted is given to anybody."""

import asyncio
import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from llm_config_client import DamagedListing, UnreadableAnswer
from llm_config_domain.errors import CursorInvalid
from tests.unit.client.answering import Answering, answered, refused


def item(key: str, version: int = 1) -> dict[str, Any]:
    named = {"namespace": "app", "key": key, "environment": "production", "version": version}
    return {**named, "etag": f'"{key}-{version}"', "value": {"of": key}}


def pages(*contents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A listing as the contract describes it, its digest computed here once more."""
    digest = "0" * 64
    for one in (one for content in contents for one in content):
        digest = hashlib.sha256((digest + one["key"] + "\0" + one["etag"]).encode()).hexdigest()
    told = {"environment": "production", "revision": 7}
    found = [{**told, "items": content, "next_cursor": f"page-{n}"} for n, content in enumerate(contents, 2)]
    found[-1] |= {"next_cursor": None, "count": sum(map(len, contents)), "digest": digest}
    return found


def whole(listing: list[dict[str, Any]]) -> Any:
    return Answering(*map(answered, listing)).client().resolve_namespace("app", environment="prod")


def test_all_pages_come_as_one() -> None:
    server = Answering(*map(answered, pages([item("a"), item("b")], [], [item("c", 2)])))
    found = server.client().resolve_namespace("app", environment="prod")
    assert [one.key for one in found.items] == ["a", "b", "c"]
    assert (found.revision, found.count, found.next_cursor) == (7, 3, None)
    assert [request.url.params.get("cursor") for request in server.requests] == [None, "page-2", "page-3"]
    assert server.requests[0].url.params["environment"] == "production"


def test_the_async_client_gathers_them_too() -> None:
    async def gather() -> list[str]:
        async with Answering(*map(answered, pages([item("a")], [item("b")]))).async_client() as client:
            return [one.key for one in (await client.resolve_namespace("app", environment="prod")).items]

    assert asyncio.run(gather()) == ["a", "b"]


def test_a_namespace_may_be_empty() -> None:
    assert whole(pages([])).items == []


def _lose_a_page(listing: list[Any]) -> None:
    listing[0]["next_cursor"] = listing[1]["next_cursor"]
    del listing[1]


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        pytest.param(lambda pages: pages[-1].pop("count"), "without its count", id="no count"),
        pytest.param(lambda pages: pages[-1].pop("digest"), "without its count", id="no digest"),
        pytest.param(lambda pages: pages[0].update(next_cursor=None), "without its count", id="ended early"),
        pytest.param(_lose_a_page, "as many keys", id="a page was lost"),
        pytest.param(lambda pages: pages[0]["items"].pop(), "as many keys", id="a key was lost"),
        pytest.param(lambda pages: pages[0]["items"].reverse(), "its digest is another", id="another order"),
        pytest.param(lambda pages: pages[1]["items"][0].update(key="z"), "its digest is another", id="another key"),
        pytest.param(
            lambda pages: pages[1]["items"][0].update(etag='"x"'), "its digest is another", id="another version"
        ),
        pytest.param(lambda pages: pages[1].update(revision=8), "not of one revision", id="another revision"),
        pytest.param(
            lambda pages: pages[1].update(environment="edge"), "not of one revision", id="another environment"
        ),
    ],
)
def test_what_is_not_whole_is_refused_and_not_quoted(damage: Callable[[list[Any]], Any], told: str) -> None:
    listing = pages([item("a"), item("b")], [item("c")], [item("d")])
    damage(listing)
    with pytest.raises(DamagedListing, match=told):
        whole(listing)


def test_a_listing_that_comes_back_to_itself_ends() -> None:
    [page] = pages([item("a")])
    with pytest.raises(UnreadableAnswer):
        whole([{**page, "next_cursor": "again"}])


def test_a_page_that_does_not_come_is_raised() -> None:
    server = Answering(answered(pages([item("a")], [item("b")])[0]), refused(CursorInvalid()))
    with pytest.raises(CursorInvalid):
        server.client().resolve_namespace("app", environment="prod")
