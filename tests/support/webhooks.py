"""Subscribers without a network: what they were sent, and what they answer."""

from collections.abc import Mapping
from typing import Any

from llm_config_domain.errors import TargetRefused, Unavailable
from llm_config_domain.secrets.values import Plaintext


class StandingSender:
    """Implements `webhook_sender`: everybody answers `status`, or not at all; whoever is `/gone` says so."""

    def __init__(self, status: int | None = 204) -> None:
        self.status = status
        self.sent: list[tuple[str, Mapping[str, Any]]] = []
        self.secrets: set[bytes] = set()

    def check(self, url: str) -> None:
        if not url.startswith("https://"):
            raise TargetRefused("a webhook's url is an https address without a user")

    def send(self, url: str, secret: Plaintext, event: Mapping[str, Any]) -> int:
        self.check(url)
        if self.status is None:
            raise Unavailable("the webhook did not answer")
        self.sent.append((url, event))
        self.secrets.add(secret.reveal)
        return 410 if url.endswith("/gone") else self.status

    @property
    def ids(self) -> list[str]:
        return [event["id"] for _, event in self.sent]
