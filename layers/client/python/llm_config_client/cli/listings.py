"""Listings as commands show them: all pages, or the first so many; told when there is nothing, or more."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from llm_config_client.cli.commands import Session
from llm_config_client.cli.screen import Printed, shown
from llm_config_client.core import Call
from llm_config_client.pages import Pages

if TYPE_CHECKING:  # rich is loaded when something is drawn
    from rich.console import RenderableType

PAGE = 1000
MORE = "note: there are more; a higher --limit shows them, and without it you see all\n"


@dataclass(frozen=True, slots=True)
class Listing:
    """`document`: the items as they came, the cursor of what was not asked for, and what stands beside items: objects (the
    names of an audit's actors), those of all pages together; anything else as the first page says it."""

    items: Sequence[Any]
    document: dict[str, Any]

    @property
    def is_cut(self) -> bool:
        return self.document["next_cursor"] is not None


def gather(session: Session, build: Callable[..., Call[Any]], *, limit: int | None, **query: Any) -> Listing:
    """One page when there is a limit, else all of them: a page that does not come is raised."""
    pages = Pages(build, {**query, "limit": PAGE if limit is None else limit})
    items: list[Any] = []
    documents: list[Any] = []
    beside: dict[str, Any] = {}
    while (asked := pages.next()) is not None:
        answer = session.send(asked)
        items += pages.items(answer.body)
        documents += answer.document["items"]
        for member, told in answer.document.items():
            if isinstance(told, dict):
                beside.setdefault(member, {}).update(told)
            elif member not in ("items", "next_cursor"):
                beside.setdefault(member, told)
        if limit is not None:
            return Listing(items, {"items": documents, "next_cursor": answer.body.next_cursor, **beside})
    return Listing(items, {"items": documents, "next_cursor": None, **beside})


def show(
    session: Session, listing: Listing, table: Callable[[Sequence[Any]], "Sequence[RenderableType]"], empty: str
) -> Printed:
    """A table of the items, or the words for none."""
    from rich.text import Text

    if listing.is_cut and session.output not in ("json", "yaml"):
        sys.stderr.write(MORE)
    return session.show_document(
        listing.document, lambda: table(listing.items) if listing.items else [Text(shown(empty), style="dim")]
    )


def place(namespace: str | None, environment: str | None) -> str:
    """Where nothing was found, in words."""
    within = "" if namespace in (None, "*") else f" in {namespace}"
    return within + (f" ({environment})" if environment else "")
