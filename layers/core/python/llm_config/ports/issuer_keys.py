from collections.abc import Mapping
from typing import Any, Protocol


class IssuerKeys(Protocol):
    def find(self, issuer: str, kid: str | None) -> Mapping[str, Any] | None:
        """The public JWK (RFC 7517) that a trusted issuer publishes under `kid`, or its only one when the token says no `kid`.

        None for a stranger of either kind.

        Where keys are fetched from is known beforehand, never taken from a token. Raises Unavailable.
        """
        ...
