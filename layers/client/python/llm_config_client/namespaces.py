"""A whole namespace as a service gets it, without IO: its pages, and the proof that nothing is missing or other."""

import hashlib
from typing import Any

from llm_config_client.core import Answer, Call, Route, call
from llm_config_client.errors import DamagedListing
from llm_config_client.pages import Pages
from llm_config_contract.resolved import ResolvedItem, ResolvedNamespace, ResolveNamespaceRequest
from llm_config_domain.json_text import Json

RESOLVE_NAMESPACE = Route("GET", "/api/v1/resolved", ResolveNamespaceRequest, ResolvedNamespace)
PAGE = 1000
_NO_DIGEST = "0" * 64


class Gathering:
    """Asks for one page after the other, and says at the end what they make together."""

    def __init__(self, namespace: str, environment: str) -> None:
        self._pages = Pages(_page, {"namespace": namespace, "environment": environment, "limit": PAGE})
        self._items: list[ResolvedItem] = []
        self._documents: list[Json] = []
        self._digest = _NO_DIGEST
        self._first: ResolvedNamespace | None = None
        self._last: ResolvedNamespace | None = None

    def next(self) -> Call[ResolvedNamespace] | None:
        """What to ask now; None at the end."""
        return self._pages.next()

    def add(self, answer: Answer[ResolvedNamespace]) -> None:
        """Raises DamagedListing for a page of another revision, UnreadableAnswer for a listing that never ends."""
        page = answer.body
        self._first = self._first or page
        if (page.revision, page.environment) != (self._first.revision, self._first.environment):
            raise DamagedListing("the pages of this listing are not of one revision: nothing of it was taken")
        for item in self._pages.items(page):
            self._items.append(item)
            self._digest = hashlib.sha256(f"{self._digest}{item.key}\0{item.etag}".encode()).hexdigest()
        self._documents += answer.document["items"]
        self._last = page

    def whole(self) -> ResolvedNamespace:
        """All items in one. Raises DamagedListing unless they are as many, and exactly those, that the service said."""
        told = self._told()
        if told.count is None or told.digest is None:
            raise DamagedListing("the listing ended without its count and digest: it is not the whole namespace")
        if told.count != len(self._items):
            raise DamagedListing(
                "the listing has not as many keys as the service counted: it is not the whole namespace"
            )
        if told.digest != self._digest:
            raise DamagedListing("the listing's keys are not those that the service sent: its digest is another")
        return told.model_copy(update={"items": self._items})

    def document(self) -> dict[str, Any]:
        """The same as JSON, with what a newer service says of each item."""
        told = self.whole().model_dump(exclude={"items"})
        return {"items": self._documents, **told}

    def _told(self) -> ResolvedNamespace:
        if self._last is None or self._pages.next() is not None:
            raise DamagedListing("the listing has pages that were not asked for: it is not the whole namespace")
        return self._last


def _page(**query: Any) -> Call[ResolvedNamespace]:
    return call(RESOLVE_NAMESPACE, {name: value for name, value in query.items() if value is not None})
