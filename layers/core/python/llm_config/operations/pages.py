"""Lists a page at a time: what may not be shown is left out, and what is left out does not end the page."""

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from llm_config.operations.operation import Context
from llm_config_contract.wire import PageRequest
from llm_config_domain import cursors
from llm_config_domain.errors import CursorInvalid

T = TypeVar("T")
_NAME = re.compile(r"[0-9A-Za-z._/-]{0,500}")
MAX_LOOKED_AT = 10_000
"""A page ends early, with its cursor, after so many rows of which few may be shown."""


class Paging:
    """Reads and writes the cursors of one request: they stand for its tenant and for all of its query but the page."""

    def __init__(self, request: PageRequest, context: Context, *shape: type) -> None:
        """`shape`: the types of what a place of this listing is made of. Raises CursorInvalid."""
        asked = request.model_dump(exclude={"limit", "cursor"})
        self._tenant, self._query = context.caller.tenant, {"list": type(request).__name__, **asked}
        self.limit = request.limit
        self.place = self._place(request.cursor, shape) if request.cursor is not None else None

    def _place(self, cursor: str, shape: tuple[type, ...]) -> tuple[Any, ...]:
        place = cursors.read(cursor, self._tenant, self._query)
        if not isinstance(place, list) or tuple(map(type, place)) != shape or not all(map(_could_be, place)):
            raise CursorInvalid
        return tuple(place)

    def cursor(self, place: tuple[Any, ...] | None) -> str | None:
        return None if place is None else cursors.write(self._tenant, self._query, place)


def _could_be(part: Any) -> bool:
    """A cursor may be of its client's making: what no name and no version could be must not reach a store."""
    return 0 <= part < 2**53 if isinstance(part, int) else _NAME.fullmatch(part) is not None


def fill(
    limit: int,
    after: Any,
    fetch: Callable[[Any, int], Sequence[T]],
    place_of: Callable[[T], Any],
    keep: Callable[[T], bool],
) -> tuple[list[T], Any]:
    """At most `limit` of the rows after `after` that `keep` lets through, and the place where the next page begins
    (None: there is nothing more)."""
    found: list[T] = []
    looked_at, chunk = 0, min(limit + 1, 1000)
    while True:
        rows = fetch(after, chunk)
        for row in rows:
            if len(found) == limit or looked_at == MAX_LOOKED_AT:
                return found, after
            after, looked_at = place_of(row), looked_at + 1
            if keep(row):
                found.append(row)
        if len(rows) < chunk:
            return found, None
