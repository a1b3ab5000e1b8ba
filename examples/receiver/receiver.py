"""A receiver of LLM-Config-Manager's webhooks, whole: it takes what is signed and recent, each event once, and nothing else.

WEBHOOK_SECRET is what `llm-config subscription create` showed. `python receiver.py` listens on port 8000; put TLS before it.
"""

import base64
import hashlib
import hmac
import json
import os
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

TOLERANCE_SECONDS = 300
MAX_BYTES = 256 * 1024


def verified(headers: Mapping[str, str], body: bytes, secret: str, now: float) -> dict[str, Any]:
    """The event. Raises ValueError for what the holder of the secret did not send, or sent long ago."""
    number, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not at.isdigit() or abs(now - int(at)) > TOLERANCE_SECONDS:
        raise ValueError("too old")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.new(key, f"{number}.{at}.".encode() + body, hashlib.sha256).digest()
    right = "v1," + base64.b64encode(signed).decode()
    if not any(hmac.compare_digest(right, one) for one in headers.get("webhook-signature", "").split()):
        raise ValueError("not signed by the holder of the secret")
    event: dict[str, Any] = json.loads(body)
    return event


class Receiver(BaseHTTPRequestHandler):
    seen: set[str] = set()  # noqa: RUF012 (keep it where a restart keeps it)

    def do_POST(self) -> None:
        body = self.rfile.read(min(int(self.headers["content-length"]), MAX_BYTES))
        try:
            event = verified(self.headers, body, os.environ["WEBHOOK_SECRET"], time.time())
        except ValueError:
            self.send_response(400)
        else:
            if event["id"] not in self.seen:
                self.seen.add(event["id"])
                print(event["type"], event["subject"], event["data"]["revision"])  # noqa: T201 (reload here)
            self.send_response(204)
        self.end_headers()


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", 8000), Receiver).serve_forever()
