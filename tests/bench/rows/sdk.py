"""The SDK's own reads."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from llm_config_client import Client, ConfigCache
from tests.bench.measure import Contest, Row, Side

ANSWER = {
    "value": 7, "environment": "production", "version": 1, "revision": 1, "age_seconds": 0, "stale": False,
    "etag": '"1"', "layers": [],
}  # fmt: skip


def rows() -> list[Row]:
    how = "CPU time of ConfigCache.get for a fresh value, its clock looked at; beside a dict's own get"
    return [Row("sdk_get", "SDK, get of a cached config", "us", how, _get)]


@contextmanager
def _get() -> Iterator[Contest]:
    """The service answers once; what is fresh is never asked about."""
    asked: list[httpx.Request] = []

    def service(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json=ANSWER)

    with Client("https://config.example", "a.b.c", transport=httpx.MockTransport(service)) as client:
        cache = ConfigCache(client, bound_seconds=3600)
        known = {("gateway/primary", "production"): 7}
        product = Side("product", lambda: cache.get("gateway/primary", "production"), (7).__eq__)
        yield Contest(product, Side("dict.get", lambda: known.get(("gateway/primary", "production")), (7).__eq__))
    assert len(asked) == 1, "a fresh value was asked about"
