"""A server made of a function, and clients that talk to it without a socket, a clock or chance."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import httpx

from llm_config.runtime.problems import problem
from llm_config_client import AsyncClient, Client, Retries
from llm_config_client.sockets import PATH as SOCKETS
from llm_config_domain.errors import Refusal

URL = "https://config.example"
TOKEN = "header.payload.signature-canary"
Outcome = httpx.Response | httpx.RequestError


class Answering:
    """Gives each request its next outcome, the last one for ever, and keeps the requests and the pauses. It knows no
    WebSockets: their handshake is not found."""

    def __init__(self, *outcomes: Outcome) -> None:
        self._outcomes = list(outcomes)
        self.requests: list[httpx.Request] = []
        self.pauses: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == SOCKETS:
            return httpx.Response(404)
        self.requests.append(request)
        outcome = self._outcomes.pop(0) if len(self._outcomes) > 1 else self._outcomes[0]
        if isinstance(outcome, httpx.RequestError):
            raise outcome
        return httpx.Response(outcome.status_code, headers=outcome.headers, content=outcome.content)

    def client(self, url: str = URL, watch_url: str = "", **retries: Any) -> Client:
        return Client(
            url,
            TOKEN,
            transport=httpx.MockTransport(self),
            retries=still(**retries),
            sleep=self.pauses.append,
            watch_url=watch_url,
        )

    def async_client(self, url: str = URL, **retries: Any) -> AsyncClient:
        async def sleep(seconds: float) -> None:
            self.pauses.append(seconds)

        return AsyncClient(url, TOKEN, transport=httpx.MockTransport(self), retries=still(**retries), sleep=sleep)


def still(**changed: Any) -> Retries:
    """Retries whose jitter is always the most, at a moment that does not pass."""
    numbers: Iterator[int] = iter(range(1000))
    fixed: Mapping[str, Callable[..., Any]] = {
        "monotonic": lambda: 0.0,
        "uniform": lambda low, high: high,
        "new_key": lambda: f"key-{next(numbers)}",
    }
    return Retries(**{**fixed, **changed})


def refused(refusal: Refusal, request_id: str = "request-1", **changed: Any) -> httpx.Response:
    """The answer that the service gives to `refusal`, by its own table; `changed` members of the problem."""
    told = problem(refusal, request_id)
    body = {**json.loads(told["body"]), **changed}
    return httpx.Response(told["statusCode"], headers=told["headers"], content=json.dumps(body))


def answered(document: Any, status: int = 200, **headers: str) -> httpx.Response:
    content = document if isinstance(document, str) else json.dumps(document)
    return httpx.Response(status, headers={"content-type": "application/json", **headers}, content=content)


WHOAMI = {
    "tenant": "acme",
    "tenant_id": "01M7XBXXH23S5VX9CTCDHQ0V70",
    "subject": "user:a",
    "actor_type": "user",
    "roles": ["viewer"],
    "credential": "jwt",
}
CONFIG = {
    "id": "01M7XBXXTF16MXTAT2A0TQ4ZY0",
    "namespace": "app",
    "key": "database",
    "environment": "production",
    "version": 3,
    "revision": 9,
    "value": {"pool_size": 10},
    "etag": '"3"',
    "change_type": "update",
    "classification": "internal",
    "tags": {},
    "schema": None,
    "created_at": "2026-01-01T00:00:00.000Z",
    "created_by": "user:a",
    "updated_at": "2026-01-01T00:00:00.000Z",
    "updated_by": "user:a",
    "reason": None,
    "expires_at": None,
}
SECRET = {
    "namespace": "keys",
    "key": "anthropic",
    "environment": "production",
    "type": "api_key",
    "version": 1,
    "version_id": "01M7XC8V5J3Y79ZWZYC9MYAGZQ",
    "stage": "current",
    "value": "sk-canary",
    "expires_at": None,
    "next_rotation_at": None,
}
