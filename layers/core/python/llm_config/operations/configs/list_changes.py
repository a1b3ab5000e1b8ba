"""The change feed: what was written since a place that the client keeps, in order, nothing left out.

Who asks to wait is answered as soon as something is there. A place that the feed does not have is refused, or told as a
gap: then the answer is the feed from its beginning, which brings about what stands now whatever was held before.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.ports.change_feed import ChangeFeed
from llm_config.ports.change_signal import ChangeSignal, Heard
from llm_config.ports.clock import Clock
from llm_config_contract.configs import Changes, ChangeView, Gap, ListChangesRequest
from llm_config_domain import cursors
from llm_config_domain.configs.entries import ConfigVersion
from llm_config_domain.errors import CursorInvalid, ForeignCursor, TooLarge
from llm_config_domain.names import glob_prefix
from llm_config_domain.policy import matches_glob

MAX_NAMESPACES = 200
"""A client carries the revision of each namespace that it follows, in its `since`."""
MAX_VALUE_BYTES = 32 * 1024
RETRY_AFTER_SECONDS = 5
"""For who found no place to wait."""
_REVISION = re.compile(r"[0-9]{1,12}")
Lines = Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class _Page:
    """What is behind a place: the versions in order, those of them that are shown, and the place after them."""

    has_moved: bool
    shown: Sequence[ChangeView]
    reached: Mapping[str, int]


def list_changes(
    request: ListChangesRequest, context: Context, *, change_feed: ChangeFeed, change_signal: ChangeSignal, clock: Clock
) -> Answer:
    lines = _lines(request, context, change_feed)
    reached, gap = _place(request, context, change_feed, lines)
    page, heard = _page(request, context, change_feed, lines, reached), Heard.CHANGED
    while not page.shown and heard is Heard.CHANGED and (left := _left(request, context, clock)) > 0:
        if not page.has_moved:
            heard = change_signal.wait(context.caller.tenant, request.namespace, page.reached, left)
        if heard is Heard.CHANGED:
            page = _page(request, context, change_feed, _lines(request, context, change_feed), page.reached)
    told = Changes(
        changes=list(page.shown),
        next=cursors.write(context.caller.tenant, _feed(request), page.reached),
        reached=dict(page.reached),
        gap=gap,
        retry_after=RETRY_AFTER_SECONDS if heard is Heard.FULL else None,
    )
    return Answer(told, metadata={"items": len(told.changes)})


def _left(request: ListChangesRequest, context: Context, clock: Clock) -> float:
    return context.started + request.wait - clock.monotonic() if request.wait else 0


def _lines(request: ListChangesRequest, context: Context, feed: ChangeFeed) -> Lines:
    lines = feed.lines(context.caller.tenant, request.namespace, "", MAX_NAMESPACES + 1)
    if len(lines) > MAX_NAMESPACES:
        raise TooLarge("this is about too many namespaces at once: follow a narrower glob", limit=MAX_NAMESPACES)
    return lines


def _page(
    request: ListChangesRequest, context: Context, feed: ChangeFeed, lines: Lines, reached: Mapping[str, int]
) -> _Page:
    found: list[ConfigVersion] = []
    moved: dict[str, int] = {}
    for namespace, revision in lines:
        before = reached.get(namespace, 0)
        if revision > before and len(found) < request.limit:
            new = feed.changes(context.caller.tenant, namespace, before, request.limit - len(found))
            found += new
            moved |= {version.name.namespace: version.revision for version in new}
    return _Page(bool(found), list(_shown(found, request, context)), {**reached, **moved})


def _feed(request: ListChangesRequest) -> dict[str, Any]:
    return {"feed": request.namespace}


def _place(
    request: ListChangesRequest, context: Context, feed: ChangeFeed, lines: Lines
) -> tuple[Mapping[str, int], Gap | None]:
    """Where the client is, and whether it was sent back to the beginning. Raises CursorInvalid."""
    try:
        return _since(request, context, feed, dict(lines)), None
    except ForeignCursor:
        raise
    except CursorInvalid:
        if request.on_gap == "refuse":
            raise
        return {}, Gap(reason="this place is not in the feed: what follows is the feed from its beginning")


def _since(request: ListChangesRequest, context: Context, feed: ChangeFeed, lines: Mapping[str, int]) -> dict[str, int]:
    """Namespace -> the revision that the client has. Raises CursorInvalid, also for a revision that is not yet."""
    if request.since == "0":
        return {}
    if _REVISION.fullmatch(request.since) and glob_prefix(request.namespace) is None:
        reached = {request.namespace: int(request.since)}
    else:
        reached = cursors.read(request.since, context.caller.tenant, _feed(request))
    if not isinstance(reached, dict) or not all(type(known) is int and known >= 0 for known in reached.values()):
        raise CursorInvalid
    if len(reached) > MAX_NAMESPACES or any(
        known > lines.get(namespace, 0) and _is_ahead(request, context, feed, namespace, known)
        for namespace, known in reached.items()
    ):
        raise CursorInvalid("this place of the feed is not there yet: begin again with since=0")
    return dict(reached)


def _is_ahead(request: ListChangesRequest, context: Context, feed: ChangeFeed, namespace: str, known: int) -> bool:
    """Lines of several namespaces may show a write late; one alone is read strongly, and decides."""
    is_one_of_several = glob_prefix(namespace) is None and matches_glob(request.namespace, namespace)
    if glob_prefix(request.namespace) is None or not is_one_of_several:
        return True
    return known > dict(feed.lines(context.caller.tenant, namespace, "", 1)).get(namespace, 0)


def _shown(versions: Sequence[ConfigVersion], request: ListChangesRequest, context: Context) -> Iterator[ChangeView]:
    for version in versions:
        if request.environment in (None, version.name.environment) and context.allows("read", version.name):
            has_value = not version.head.deleted and len(version.value.encode()) <= MAX_VALUE_BYTES
            yield ChangeView(
                change_type=version.change_type.value,
                namespace=version.name.namespace,
                key=version.name.key,
                environment=version.name.environment,
                version=version.version,
                revision=version.revision,
                at=version.updated_at,
                **({"value": version.json()} if has_value else {}),
            )


LIST_CHANGES = Operation(
    name="list_changes",
    summary="What changed since a place in the feed",
    action="configs:read",
    method="GET",
    path="/api/v1/changes",
    request=ListChangesRequest,
    response=Changes,
    run=list_changes,
    recorded=Recorded.BEHIND,
    event_type="config.changes_read",
    refusals=(413,),
    streams=True,
)
