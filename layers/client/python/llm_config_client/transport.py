"""What both clients share: where they send to, and how httpx is asked."""

import ssl
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel

from llm_config_client.address import Server
from llm_config_client.core import Received
from llm_config_client.errors import Unreachable
from llm_config_client.fleet_reports import Reporter
from llm_config_client.methods import Methods
from llm_config_client.retries import Request, Retries
from llm_config_client.watching import Watch

T = TypeVar("T", bound=BaseModel)


class Common(Methods):
    def __init__(
        self,
        url: str,
        token: str | None,
        retries: Retries | None,
        danger_allow_plain_http: bool,  # noqa: FBT001 (both clients take it by keyword only)
        watch_url: str,
    ) -> None:
        self._server = Server(url, token, danger_allow_plain_http, watch_url)
        self._retries = retries or Retries()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._server.url!r})"

    def _watch(self, namespace: str, since: str, environment: str | None) -> Watch:
        return Watch(self._server, self._retries, namespace, since, environment)

    def _reporter(self, service: str | None, instance: str | None, environment: str | None) -> Reporter | None:
        return Reporter(service, instance, environment, self._retries.monotonic) if service is not None else None

    def _unreached(self, error: httpx.RequestError) -> Unreachable:
        return unreachable(error, self._server.url)

    def _http_options(self) -> dict[str, Any]:
        # A proxy named by the environment is asked for https only: of plain http, even to this machine, it would
        # see everything. And plain http meets no certificate: the authorities' file, which takes longer to read than an
        # answer takes, is left where it is, and nobody is trusted.
        nobody = {"verify": ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)} if self._server.is_plain else {}
        return {"follow_redirects": False, "trust_env": not self._server.is_plain, **nobody}


def moved(request: Request) -> dict[str, Any]:
    return {
        "method": request.method,
        "url": request.url,
        "headers": dict(request.headers),
        "content": request.content,
        "timeout": httpx.Timeout(request.seconds, connect=request.connect_seconds),
    }


def received(response: httpx.Response) -> Received:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Received(response.status_code, headers, response.content)


_REASONS: tuple[tuple[type[httpx.RequestError], str], ...] = (
    (httpx.ConnectTimeout, "no connection in time"),
    (httpx.ConnectError, "no connection could be made"),
    (httpx.ProxyError, "the proxy did not let the request through"),
    (httpx.TimeoutException, "no answer in time"),
)


def unreachable(error: httpx.RequestError, url: str) -> Unreachable:
    """The driver's own text is not passed on: it can quote a header."""
    reason = next((text for kind, text in _REASONS if isinstance(error, kind)), "the connection broke")
    unreachable = Unreachable(f"{url} did not answer: {reason}")
    unreachable.__cause__ = error
    return unreachable
