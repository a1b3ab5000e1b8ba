"""From a change to whoever watches: a writer and a reader beside each other, both with the SDK, over HTTP."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from llm_config_client.client import Client
from llm_config_client.errors import ClientFault
from llm_config_domain.errors import Refusal
from tests.bench.load import same_disk
from tests.bench.measure import Contest, Row, Side, wall_seconds
from tests.bench.rows.http import LONG
from tests.support.processes import served

PATH, ENVIRONMENT = "app/watched", "production"
PATIENCE_SECONDS = 30
MUST_MS, GOAL_MS = 1000, 250
"""Of the slowest in a hundred."""


def rows() -> list[Row]:
    how = (
        "milliseconds by the clock from the start of a write to the moment that a program which watches by WebSocket has "
        "it, one change after the other, an embedded home in a process of its own; beside the same write and a read of "
        f"it. Its must is that the slowest in a hundred take at most {MUST_MS} ms, its goal {GOAL_MS} ms"
    )
    return [Row("change_to_reader", "from a change to who watches it", "ms", how, _change_to_reader)]


@contextmanager
def _change_to_reader() -> Iterator[Contest]:
    with TemporaryDirectory(dir=same_disk()) as directory, served(Path(directory, "home")) as home:
        token = home.token(home.tenant("acme"), "tenant-admin", ttl=LONG)
        with Client(home.url, token) as writer, _watching(home.url, token) as told:
            numbers, taken = count(), list[float]()

            def write() -> int:
                return writer.put_config(PATH, {"number": next(numbers)}, environment=ENVIRONMENT).version

            def watched() -> bool:
                began, version = time.perf_counter(), write()
                heard = next(one for one in iter(lambda: told.get(timeout=PATIENCE_SECONDS), None) if one[0] >= version)
                taken.append(heard[1] - began)
                return heard[0] == version

            def asked() -> bool:
                version = write()
                return writer.get_config(PATH, environment=ENVIRONMENT).version == version

            watched()
            taken.clear()
            yield Contest(
                Side("product", watched, bool, lambda times: _total(watched, taken, times)),
                Side("a write and a read of it", asked, bool, lambda times: wall_seconds(asked, times)),
                remark=lambda: _spread(taken),
            )


@contextmanager
def _watching(url: str, token: str) -> Iterator["SimpleQueue[tuple[int, float]]"]:
    """(version, when it was told) of each change that a program of its own thread hears of."""
    told: SimpleQueue[tuple[int, float]] = SimpleQueue()

    def watch() -> None:
        with suppress(Refusal, ClientFault), Client(url, token) as reader:  # the home ends before it does
            for page in reader.watch("app"):
                for change in page.changes:
                    told.put((change.version, time.perf_counter()))

    threading.Thread(target=watch, daemon=True).start()
    yield told


def _total(watched: Callable[[], bool], taken: list[float], times: int) -> float:
    first = len(taken)
    for _ in range(times):
        watched()
    return sum(taken[first:])


def _spread(taken: list[float]) -> str:
    slowest = quantiles(taken, n=100)[98] if len(taken) > 1 else taken[0]
    verdict = "goal" if slowest * 1000 <= GOAL_MS else "must" if slowest * 1000 <= MUST_MS else "missed"
    return f"{len(taken)} changes: median {median(taken) * 1000:.1f} ms, 99 in 100 within {slowest * 1000:.1f} ms ({verdict})"
