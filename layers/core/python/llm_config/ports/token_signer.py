from collections.abc import Mapping
from typing import Any, Protocol


class TokenSigner(Protocol):
    def sign(self, claims: Mapping[str, Any]) -> str:
        """A compact JWS (RFC 7515) of `claims` and of the issuer's name, ES256, under a key that `issuer_keys` finds.

        The claims are JSON of at most 2.5 KB. The private key never leaves where it is kept. Raises Unavailable, also
        where the deployment gives out no tokens.
        """
        ...
