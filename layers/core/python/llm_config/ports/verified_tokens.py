from collections.abc import Mapping
from typing import Any, Protocol


class VerifiedTokens(Protocol):
    """The claims of tokens whose signature was verified by this process a moment ago. A signature costs the most of a
    request from memory, and it does not change; times are checked again at each request.

    A key that its issuer withdraws is believed for at most a minute longer than without this.
    """

    def find(self, token: str) -> Mapping[str, Any] | None:
        """The claims, if exactly this token was kept in the last minute."""
        ...

    def keep(self, token: str, claims: Mapping[str, Any]) -> None:
        """Bounded by entries. The token itself is not kept: its digest is."""
        ...
