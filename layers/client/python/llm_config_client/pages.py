"""Listings that come in pages, without IO: which page to ask for next, and when there is none."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from llm_config_client.core import Call
from llm_config_client.errors import UnreadableAnswer


class Pages:
    """One listing, from `cursor` (the beginning when left out) to its end."""

    def __init__(self, build: Callable[..., Call[Any]], query: Mapping[str, Any]) -> None:
        self._build, self._query = build, dict(query)
        self._followed: set[str] = set()
        self._ended = False

    def next(self) -> Call[Any] | None:
        """What to ask now; None at the end."""
        return None if self._ended else self._build(**self._query)

    def items(self, page: Any) -> Sequence[Any]:
        """The items of the answer. Raises UnreadableAnswer when its cursor leads back: the listing would never end."""
        cursor: str | None = page.next_cursor
        if cursor in self._followed:
            raise UnreadableAnswer("the server's listing comes back to a page that was there before")
        self._ended = cursor is None
        self._followed.add(cursor or "")
        self._query["cursor"] = cursor
        items: Sequence[Any] = page.items
        return items
