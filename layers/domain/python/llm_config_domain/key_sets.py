"""Published keys (RFC 7517): which one of a key set a token means."""

from collections.abc import Mapping, Sequence
from typing import Any


def choose_key(published: Sequence[Mapping[str, Any]], kid: str | None) -> Mapping[str, Any] | None:
    """The one key of a key set that a token means: by its `kid`, or the only one there is. Two are as good as none."""
    meant = [key for key in published if kid is None or key.get("kid") == kid]
    return meant[0] if len(meant) == 1 else None
