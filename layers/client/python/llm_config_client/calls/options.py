"""From the parameters of a call to the fields of its request: the names are the same."""

from collections.abc import Mapping
from typing import Any


def given(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Those that were given; what stays None is left to the service."""
    return {name: _copied(value) for name, value in parameters.items() if value is not None}


def _copied(value: Any) -> Any:
    """Any mapping will do for tags; the wire wants a dictionary."""
    return dict(value) if isinstance(value, Mapping) else value


def unless(etag: str | None) -> dict[str, str]:
    """The header of a read that answers NotModified while the entry has this etag."""
    return {} if etag is None else {"if-none-match": etag}
