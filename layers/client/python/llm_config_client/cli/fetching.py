"""Fetching what the service makes behind its answer, from the address that it gave: no credential goes there."""

import time
from http import HTTPStatus

import httpx

from llm_config_client.cli.progress import progress
from llm_config_domain.errors import Unavailable

PAUSE_SECONDS = 1.0
PATIENCE_SECONDS = 600
MAX_BYTES = 256 * 1024 * 1024


def fetched(url: str, transport: httpx.BaseTransport | None = None, pause: float = PAUSE_SECONDS) -> str:
    """What stands there, once it does. Raises Unavailable when it does not within ten minutes."""
    until = time.monotonic() + PATIENCE_SECONDS
    with httpx.Client(timeout=30, transport=transport) as client, progress("making the export", None) as step:
        while time.monotonic() < until:
            found = _once(client, url)
            if found is not None:
                return found
            step()
            time.sleep(pause)
    raise Unavailable("the export was not made in time: ask for it again")


def _once(client: httpx.Client, url: str) -> str | None:
    """None while it is not made."""
    try:
        with client.stream("GET", url) as answer:
            if answer.status_code == HTTPStatus.NOT_FOUND:
                return None
            if answer.status_code != HTTPStatus.OK:
                raise Unavailable("the export cannot be fetched: ask for it again")
            parts, size = [], 0
            for part in answer.iter_bytes():
                size += len(part)
                if size > MAX_BYTES:
                    raise Unavailable("the export is larger than any that was asked for")
                parts.append(part)
            return b"".join(parts).decode()
    except (httpx.HTTPError, UnicodeDecodeError) as error:
        raise Unavailable("the export cannot be fetched: ask for it again") from error
