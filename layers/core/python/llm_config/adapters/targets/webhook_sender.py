"""Events to subscribers, signed (https://www.standardwebhooks.com, 1.0)."""

from collections.abc import Mapping
from typing import Any

from llm_config.adapters.targets.posts import Posts
from llm_config.adapters.targets.webhook import signature
from llm_config.ports.clock import Clock
from llm_config_domain import json_text
from llm_config_domain.secrets.values import Plaintext


class HttpWebhookSender:
    """Implements `webhook_sender`."""

    def __init__(self, posts: Posts, clock: Clock) -> None:
        self._posts, self._clock = posts, clock

    def check(self, url: str) -> None:
        self._posts.check(url)

    def send(self, url: str, secret: Plaintext, event: Mapping[str, Any]) -> int:
        number, at = str(event["id"]), str(int(self._clock.now().timestamp()))
        body = json_text.write(event).encode()
        signed = signature(secret.reveal.decode(), number, at, body)
        headers = {"webhook-id": number, "webhook-timestamp": at, "webhook-signature": signed}
        return self._posts.post(url, body, headers)
