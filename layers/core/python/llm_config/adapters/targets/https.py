"""JSON over HTTPS to one API whose address the deployment chose: bounded, no redirects, and no text of theirs passed on."""

import json
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import urllib3

from llm_config_domain.errors import TargetRefused, Unavailable

MAX_BYTES = 4 * 1024 * 1024
_TIMEOUT = urllib3.Timeout(connect=5, read=10)


class Api:
    """`base_url` ends before the paths of the API's reference. Plain HTTP is for this machine alone."""

    def __init__(self, base_url: str) -> None:
        parts = urlsplit(base_url)
        if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "::1", "localhost"):
            raise ValueError("the address of an API begins with https://")
        self._base = base_url.rstrip("/")
        self._pool = urllib3.PoolManager(timeout=_TIMEOUT, retries=False)

    def ask(self, key: str, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """The object that a 2xx answers. Raises TargetRefused for any other 3xx or 4xx, Unavailable for 408, 409, 429,
        5xx and none."""
        status, raw = self._send(key, method, path, body)
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise TargetRefused(f"the API refused {method} with {status}")
        try:
            told = json.loads(raw)
        except ValueError:
            raise TargetRefused("the API did not answer in JSON") from None
        if not isinstance(told, dict):
            raise TargetRefused("the API answered no object")
        return told

    def status(self, key: str, path: str) -> int:
        """What a GET is answered with. Raises Unavailable."""
        return self._send(key, "GET", path, None)[0]

    def _send(self, key: str, method: str, path: str, body: dict[str, Any] | None) -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {key}", "Accept": "application/json"}
        try:
            answer = self._pool.request(
                method, f"{self._base}/{path}", headers=headers, json=body, redirect=False, preload_content=False
            )
            raw = answer.read(MAX_BYTES + 1)
            answer.release_conn()
        except (urllib3.exceptions.HTTPError, OSError, UnicodeError):
            raise Unavailable("the API did not answer") from None
        later = answer.status in (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS)
        if later or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or len(raw) > MAX_BYTES:
            raise Unavailable(f"the API cannot do this now ({answer.status})")
        return answer.status, raw
