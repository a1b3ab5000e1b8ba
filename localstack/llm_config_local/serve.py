"""Serving a home over HTTP until it is told to stop."""

import asyncio
import json
import logging
import os
import resource
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from functions.events.publish_changes.handler import lambda_handler as publish_changes
from llm_config_contract.watching import MAX_MESSAGE_BYTES
from llm_config_local.adapters.key_file import write_durably
from llm_config_local.exporter import Exporter
from llm_config_local.follower import Follower
from llm_config_local.front import application
from llm_config_local.home import Home
from llm_config_local.slow_readers import ImpatientSocket
from llm_config_local.ticker import Ticker
from llm_config_local.webhooks import Webhooks

GRACE_SECONDS = 10
PING_SECONDS = 20
"""Between two pings of a WebSocket, and for how long the answer to one may take."""


class _Server(uvicorn.Server):
    """Ends quietly on SIGTERM and SIGINT (uvicorn raises the signal again, which is not a clean exit)."""

    def __init__(
        self, config: uvicorn.Config, when_serving: Callable[[], None], when_stopping: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._when_serving, self._when_stopping = when_serving, when_stopping

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        yield

    def _stop(self) -> None:
        self.should_exit = True
        self._when_stopping()

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets)  # type: ignore[arg-type]
        if self.started:
            self._when_serving()


def serve(home: Home, when_serving: Callable[[], None]) -> None:
    """Answer requests until SIGTERM or SIGINT; then finish those that run, and write what waits."""
    tokens = home.family.tokens
    follower = Follower(home.family.store, "publish_changes", publish_changes)
    ticker = Ticker(home.family.engine)
    webhooks = Webhooks(home.family.store)
    exporter = Exporter(home.family.audit_exports)
    follower.start()
    webhooks.start()
    ticker.start()
    exporter.start()
    _allow_many_connections()
    try:
        app = application(lambda: {"keys": [tokens.jwk()]}, home.url, home.family.audit_exports.fetched)
        serve_application(app, home.socket, when_serving, home.family.change_signal.end)
    finally:
        exporter.close()
        ticker.close()
        webhooks.close()
        follower.close()
        home.close()


def serve_application(
    app: Starlette,
    listener: socket.socket,
    when_serving: Callable[[], None],
    when_stopping: Callable[[], None] = lambda: None,
) -> None:
    """Any front on a socket that listens already, until SIGTERM or SIGINT. `when_stopping` ends requests that wait."""
    _Server(configured(app), when_serving, when_stopping).run(sockets=[listener])


def configured(app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        log_level=logging.WARNING,  # below, a handshake is told with its query, and at DEBUG with its credential
        access_log=False,
        lifespan="off",
        server_header=False,
        date_header=True,
        timeout_graceful_shutdown=GRACE_SECONDS,
        ws=ImpatientSocket,
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PING_SECONDS,
        ws_per_message_deflate=False,  # it would take more memory than all else of a watcher
    )


def _allow_many_connections() -> None:
    """As many as the system lets this process have: each watcher holds one open."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def write_ready_file(home: Home, path: Path, platform_token: str) -> None:
    told = {"url": home.url, "pid": os.getpid(), "platform_token": platform_token, "issuer": home.url}
    write_durably(path, json.dumps(told).encode())
