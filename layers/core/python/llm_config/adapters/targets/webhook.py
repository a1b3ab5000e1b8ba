"""A system of one's own, told by signed requests (https://www.standardwebhooks.com): what to install, test and retire.

The address and the signing secret stand together in one secret, `{url, secret: whsec_...}`, so that who may start a rotation
cannot choose where a credential is sent. A request that comes again has the same `webhook-id`.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable
from http import HTTPStatus

from llm_config.adapters.targets.posts import Posts
from llm_config.adapters.targets.turns import Credential, Turn, members, read
from llm_config.ports.clock import Clock
from llm_config_domain import json_text, times
from llm_config_domain.errors import TargetRefused, Unavailable
from llm_config_domain.secrets.values import Plaintext

_PREFIX = "whsec_"
_LEAST, _MOST = 24, 64
"""Bytes of a signing secret, as the specification has it."""
Create = Callable[[Turn, Plaintext], Plaintext]


class WebhookTarget:
    """Implements `rotation_target`. `create` makes the new value (`GeneratedTarget.create`); `webhook` gives the address
    and the signing secret."""

    def __init__(self, create: Create, webhook: Credential, posts: Posts, clock: Clock) -> None:
        self._create, self._webhook, self._posts, self._clock = create, webhook, posts, clock

    def create(self, turn: Turn, current: Plaintext) -> Plaintext:
        return self._create(turn, current)

    def install(self, turn: Turn, pending: Plaintext) -> None:
        self._tell(turn, "install", pending)

    def test(self, turn: Turn, pending: Plaintext) -> None:
        self._tell(turn, "test", pending)

    def retire(self, turn: Turn, old: Plaintext) -> None:
        self._tell(turn, "retire", old)

    def withdraw(self, turn: Turn, pending: Plaintext) -> None:
        self._tell(turn, "withdraw", pending)

    def last_used(self, turn: Turn, old: Plaintext) -> str | None:
        return None

    def _tell(self, turn: Turn, step: str, credential: Plaintext) -> None:
        told = members(self._webhook(turn), "url", "secret")
        now = self._clock.now()
        about = {"path": turn.name.path, "environment": turn.name.environment, "rotation_id": turn.rotation_id}
        body = {
            "type": f"credential.{step}",
            "timestamp": times.rfc3339(now),
            "data": {**about, "credential": read(credential)},
        }
        raw = json_text.write(body).encode()
        number, at = f"{turn.rotation_id}.{step}", str(int(now.timestamp()))
        status = self._posts.post(
            told["url"],
            raw,
            {
                "webhook-id": number,
                "webhook-timestamp": at,
                "webhook-signature": signature(told["secret"], number, at, raw),
            },
        )
        if (
            status in (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
            or status >= HTTPStatus.INTERNAL_SERVER_ERROR
        ):
            raise Unavailable(f"the webhook cannot do this now ({status})")
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise TargetRefused(f"the webhook answered {status}")


def signature(secret: str, number: str, at: str, body: bytes) -> str:
    """`v1,` and the base64 of an HMAC-SHA256 of id, timestamp and body with dots between. Raises TargetRefused."""
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not _LEAST <= len(key) <= _MOST:
        raise TargetRefused(f"a webhook's secret is {_PREFIX} and the base64 of {_LEAST} to {_MOST} bytes")
    signed = hmac.new(key, f"{number}.{at}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(signed).decode()
