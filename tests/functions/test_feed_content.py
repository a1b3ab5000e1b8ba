"""How the feed's answers are sent: no more than what has changed, compressed for who takes it, with a digest."""

import base64
import gzip
import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest

from llm_config.operations.configs.list_changes import LIST_CHANGES
from llm_config.runtime.content import MIN_BYTES
from llm_config.runtime.endpoint import endpoint
from tests.support.homes import EmbeddedKit, embedded

CONFIGS, BATCH, VALUE = 1000, 25, "x" * 98
"""Together 100 KB of values."""
MUST = 0.02


class Feed:
    """A namespace of `CONFIGS` values."""

    def __init__(self, kit: EmbeddedKit) -> None:
        self._kit, self._token = kit, kit.token(kit.tenant("acme"), "operator")
        each = [
            {"operation": "put", "path": f"app/key-{number}", "environment": "production", "value": VALUE}
            for number in range(CONFIGS)
        ]
        for first in range(0, CONFIGS, BATCH):
            self._ask("POST", "/api/v1/config-batches", {"operations": each[first : first + BATCH]})

    def change(self, number: int) -> None:
        self._ask("PUT", f"/api/v1/configs/app/key-{number}?environment=production", {"value": VALUE + "!"})

    def since(self, place: str, accepted: str = "") -> dict[str, Any]:
        """API Gateway's answer to who accepts these codings."""
        codings = {"accept-encoding": accepted} if accepted else {}
        event = {
            "headers": {"authorization": f"Bearer {self._token}", **codings},
            "queryStringParameters": {"namespace": "app", "since": place, "limit": "1000"},
            "requestContext": {"requestId": "r", "http": {"method": "GET", "path": "/api/v1/changes"}},
        }
        return endpoint(LIST_CHANGES, self._kit.provide)(event, None)

    def _ask(self, method: str, url: str, body: Any) -> None:
        reply = self._kit.call(method, url, body, token=self._token)
        assert reply.status < 300, reply.text


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Feed]:
    with embedded(tmp_path_factory.mktemp("feed")) as kit:
        yield Feed(kit)


def body_of(reply: dict[str, Any]) -> bytes:
    raw = base64.b64decode(reply["body"]) if reply.get("isBase64Encoded") else reply["body"].encode()
    return gzip.decompress(raw) if reply["headers"].get("Content-Encoding") == "gzip" else raw


def test_of_100_kb_with_two_changes_the_feed_sends_less_than_a_fiftieth(feed: Feed) -> None:
    since = json.loads(body_of(feed.since("0")))["next"]
    for number in (7, 500):
        feed.change(number)
    for accepted in ("", "gzip"):
        reply = feed.since(since, accepted)
        assert [change["key"] for change in json.loads(body_of(reply))["changes"]] == ["key-7", "key-500"]
        assert len(reply["body"]) <= MUST * CONFIGS * len(VALUE)


@pytest.mark.parametrize("accepted", ["gzip", "br, gzip;q=0.5", "*", "deflate, GZIP"])
def test_who_takes_gzip_gets_it_and_the_same_digest(feed: Feed, accepted: str) -> None:
    plain, packed = feed.since("0"), feed.since("0", accepted)
    assert packed["headers"]["Content-Encoding"] == "gzip" and len(packed["body"]) < len(plain["body"]) / 10
    assert body_of(packed) == body_of(plain)
    told = base64.b64encode(sha256(body_of(plain)).digest()).decode()
    for reply in (plain, packed):
        assert reply["headers"]["Repr-Digest"] == f"sha-256=:{told}:"
        assert reply["headers"]["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0", "*;q=0", "gzip; q=0.000"])
def test_who_does_not_gets_text(feed: Feed, accepted: str) -> None:
    reply = feed.since("0", accepted)
    assert "Content-Encoding" not in reply["headers"] and "isBase64Encoded" not in reply
    json.loads(reply["body"])


def test_what_is_small_is_sent_as_it_is(feed: Feed) -> None:
    since = json.loads(body_of(feed.since("0")))["next"]
    reply = feed.since(since, "gzip")
    assert len(reply["body"]) < MIN_BYTES and "Content-Encoding" not in reply["headers"]
