"""What a program's own memory says while others write: never older than the bounds say, and never going back."""

import time
from bisect import bisect_right
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from threading import Lock

import httpx
import pytest

from llm_config_client import Client, ConfigCache
from llm_config_domain.names import TenantId
from tests.support.aws import on_aws
from tests.support.homes import Kit, embedded
from tests.support.nets import EVERY_OTHER

READS, READERS, WRITERS, WRITES = 5000, 4, 8, 15
BOUND_SECONDS = 0.02
"""Of the client, and on AWS of each container too: short, so that every reader asks many times."""
CONFIG = "/api/v1/configs/app/key?environment=production"
Containers = tuple[list[Kit], TenantId, float]


@contextmanager
def at_home(directory: Path) -> Iterator[Containers]:
    with embedded(directory / "home") as kit:
        yield [kit], kit.tenant("acme"), BOUND_SECONDS


@contextmanager
def aws(directory: Path) -> Iterator[Containers]:
    with on_aws(directory) as kit:
        acme = kit.tenant("acme")
        containers: list[Kit] = [kit.another_container(config_bound_seconds=BOUND_SECONDS) for _ in range(3)]
        yield containers, acme, 2 * BOUND_SECONDS


class Written:
    """Which version was acknowledged when. Versions tell more than revisions: an answer may be newer than its label."""

    def __init__(self) -> None:
        self._moments: list[float] = []
        self._versions: list[int] = []
        self._lock = Lock()

    def acknowledge(self, version: int) -> None:
        with self._lock:
            self._moments.append(time.monotonic())
            self._versions.append(max(version, self._versions[-1] if self._versions else 0))

    def by(self, moment: float) -> int:
        """The newest version that was acknowledged at `moment`."""
        with self._lock:
            known = bisect_right(self._moments, moment)
            return self._versions[known - 1] if known else 0


def any_of(containers: list[Kit]) -> Callable[[httpx.Request], httpx.Response]:
    """A gateway: the next request goes to the next container."""
    turn = count()

    def answer(request: httpx.Request) -> httpx.Response:
        kit = containers[next(turn) % len(containers)]
        url = request.url.raw_path.decode().replace("%2F", "/")
        token = request.headers["authorization"].removeprefix("Bearer ")
        told = kit.call(request.method, url, token=token, headers=dict(request.headers))
        return httpx.Response(told.status, headers=dict(told.headers), content=told.text.encode())

    return answer


@EVERY_OTHER
@pytest.mark.parametrize("home", [pytest.param(at_home, id="sqlite"), pytest.param(aws, id="dynamodb")])
def test_of_5000_reads_beside_8_writers_none_is_too_old_and_none_goes_back(
    home: Callable[[Path], Iterator[Containers]], tmp_path: Path
) -> None:
    with home(tmp_path) as (containers, acme, bound):  # type: ignore[attr-defined]
        token, written, gateway = containers[0].token(acme, "operator"), Written(), any_of(containers)

        def write(number: int) -> int:
            done = 0
            while done < WRITES:
                reply = containers[number % len(containers)].call("PUT", CONFIG, {"value": done}, token=token)
                assert reply.status in (200, 201, 503), reply.text
                if reply.status != 503:  # too many at one name: not made, and asked for again
                    written.acknowledge(reply.json["version"])
                    done += 1
            return done

        write(0)

        def read(_: int) -> tuple[int, int, int, int]:
            reads = breaches = backwards = seen = 0
            with Client("http://127.0.0.1:1", token, transport=httpx.MockTransport(gateway)) as client:
                cache = ConfigCache(client, bound_seconds=BOUND_SECONDS)
                while reads < READS // READERS or not all(writer.done() for writer in writers):
                    begun = time.monotonic()
                    held = cache.held("app/key", "production")
                    reads += 1
                    breaches += held.version < written.by(begun - bound)
                    backwards += held.version < seen
                    seen = held.version
            return reads, breaches, backwards, seen

        with ThreadPoolExecutor(WRITERS + READERS) as threads:
            writers = [threads.submit(write, number) for number in range(WRITERS)]
            told = list(threads.map(read, range(READERS)))
            assert sum(writer.result() for writer in writers) == WRITERS * WRITES
        reads, breaches, backwards, _ = (sum(column) for column in zip(*told, strict=True))
        assert (reads >= READS, breaches, backwards) == (True, 0, 0)
        assert min(seen for *_, seen in told) > 1, "the readers saw the writers at work"
