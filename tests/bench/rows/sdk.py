"""The SDK's own reads."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench.measure import Contest, NotThere, Row


def rows() -> list[Row]:
    return [
        Row("sdk_get", "SDK, get of a cached config", "us", "CPU time; beside a dict's own get", _get),
    ]


@contextmanager
def _get() -> Iterator[Contest]:
    raise NotThere("the SDK keeps nothing yet: each of its reads is a request")
    yield
