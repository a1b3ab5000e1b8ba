"""The sample fleet in an embedded home: what a deployment's own configs cost to store and to resolve over HTTP."""

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from llm_config_client.client import Client
from llm_config_client.files.directory import read_directory
from llm_config_client.files.entries import Entry
from llm_config_client.transfers import imports
from llm_config_client.transfers.plan import batches
from tests.bench.load import Server, body_of, http_length, http_request, same_disk
from tests.bench.measure import Contest, Row, Side
from tests.bench.rows.http import LONG, starlette
from tests.support.fleet import FLEET
from tests.support.processes import served


def rows() -> list[Row]:
    how = (
        "requests per CPU second of the server process alone: every entry of examples/fleet resolved in its own "
        "environment, one after the other, 8 connections; beside a starlette that only says hello"
    )
    return [Row("http_fleet", "embedded home, the sample fleet resolved over HTTP", "per CPU-second", how, _fleet)]


@contextmanager
def _fleet() -> Iterator[Contest]:
    with ExitStack() as stack:
        directory = stack.enter_context(TemporaryDirectory(dir=same_disk()))
        home = stack.enter_context(served(Path(directory, "home")))
        token = home.token(home.tenant("fleet"), "tenant-admin", ttl=LONG)
        entries = read_directory(FLEET).entries
        with Client(home.url, token) as client:
            _store(client, entries)
        asked = [_resolve(entry, token) for entry in entries]
        server = Server(home.pid, int(home.url.rpartition(":")[2]), http_length, asked)
        yield Contest(Side("product", server.once, _is_resolved, server.cpu), starlette(stack))


def _store(client: Client, entries: Sequence[Entry]) -> None:
    for batch in batches(list(imports.compare(client, entries))):
        imports.send(client, batch)


def _resolve(entry: Entry, token: str) -> bytes:
    path = f"/api/v1/resolved/{entry.path}?environment={entry.environment}"
    return http_request("GET", path, Authorization=f"Bearer {token}", Accept="application/json")


def _is_resolved(answer: bytes) -> bool:
    return bool(json.loads(body_of(answer))["layers"])
