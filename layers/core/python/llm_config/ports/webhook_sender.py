from collections.abc import Mapping
from typing import Any, Protocol

from llm_config_domain.secrets.values import Plaintext


class WebhookSender(Protocol):
    """Sends to addresses that tenants chose: over https, never into a network that is not public, without following a
    redirect, within fifteen seconds. A home on its owner's machine allows every address, and http."""

    def check(self, url: str) -> None:
        """Raises TargetRefused for an address that nothing would be sent to, Unavailable when its name is not known now.
        Where every address is allowed, no name is looked up."""
        ...

    def send(self, url: str, secret: Plaintext, event: Mapping[str, Any]) -> int:
        """POST a CloudEvent as the Standard Webhooks specification (1.0) has it, signed with `secret` (`whsec_...`):
        the status of the answer, of which nothing else is looked at. Raises TargetRefused, Unavailable."""
        ...
