"""A server on this machine that answers as OpenAI's administration API does, of what a rotation asks.

https://platform.openai.com/docs/api-reference/project-service-accounts, .../project-api-keys, .../models: the paths, the
members of the answers, the statuses. Pages have at most two items, whatever `limit` says, so that paging is met.
"""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

ADMIN = "sk-admin-canary"
PROJECT = "/v1/organization/projects/proj_1"
PAGE = 2


@dataclass
class OpenAiServer:
    """`accounts`: {id: name}; `keys`: {value: the listed key}. `status` is answered to everything when it is set."""

    url: str = ""
    accounts: dict[str, str] = field(default_factory=dict)
    keys: dict[str, dict[str, Any]] = field(default_factory=dict)
    status: int = 0
    deaf: bool = False
    """A deletion is answered, and not made."""

    def add(self, name: str) -> tuple[str, dict[str, Any]]:
        """(account's id, its key with its value)"""
        account, value = f"svc_acct_{secrets.token_hex(4)}", f"sk-svcacct-{secrets.token_hex(20)}"
        self.accounts[account] = name
        self.keys[value] = listed = {
            "object": "organization.project.api_key",
            "id": f"key_{secrets.token_hex(4)}",
            "name": "Secret Key",
            "redacted_value": f"{value[:14]}...{value[-4:]}",
            "created_at": 1711471533,
            "last_used_at": 1711471534,
            "owner": {"type": "service_account", "service_account": {"id": account, "name": name}},
        }
        return account, {"object": "organization.project.service_account.api_key", "id": listed["id"], "value": value}

    def answer(self, method: str, path: str, key: str, body: Any) -> tuple[int, Any]:
        parts = urlsplit(path)
        if self.status:
            return self.status, {"error": {"message": "canary-of-theirs"}}
        if parts.path == "/v1/models":
            return (200, {"object": "list", "data": []}) if key in self.keys else (401, {"error": {"message": "no"}})
        if key != ADMIN:
            return 401, {"error": {"message": "no"}}
        what, _, one = parts.path.removeprefix(f"{PROJECT}/").partition("/")
        if method == "GET":
            return 200, self._page(what, parse_qs(parts.query).get("after", [""])[0])
        if method == "POST":
            account, made = self.add(body["name"])
            told = {
                "object": "organization.project.service_account",
                "id": account,
                "name": body["name"],
                "api_key": made,
            }
            return 200, told
        return self._delete(what, one)

    def _page(self, what: str, after: str) -> dict[str, Any]:
        named = [{"id": key, "name": name} for key, name in self.accounts.items()]
        items = named if what == "service_accounts" else list(self.keys.values())
        begin = next((place + 1 for place, item in enumerate(items) if item["id"] == after), 0)
        page = items[begin : begin + PAGE]
        ends = {"first_id": page[0]["id"], "last_id": page[-1]["id"]} if page else {}
        return {"object": "list", "data": page, "has_more": begin + PAGE < len(items), **ends}

    def _delete(self, what: str, one: str) -> tuple[int, Any]:
        if what == "service_accounts" and one not in self.accounts:
            return 404, {"error": {"message": "no such account"}}
        if not self.deaf:
            self.accounts.pop(one, None)
            for value, listed in list(self.keys.items()):
                if one in (listed["id"], (listed["owner"].get("service_account") or {}).get("id")):
                    del self.keys[value]
        return 200, {"id": one, "deleted": True}


@contextmanager
def served_openai() -> Iterator[OpenAiServer]:
    state = OpenAiServer()

    class Handler(BaseHTTPRequestHandler):
        def _handle(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            key = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
            status, told = state.answer(self.command, self.path, key, body)
            raw = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_GET = do_POST = do_DELETE = _handle  # noqa: N815 (the library's names)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the library's name)
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
