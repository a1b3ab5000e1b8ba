"""The change feed: what was written since a place that the client keeps, in order, nothing left out."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.ports.change_feed import ChangeFeed
from llm_config_contract.configs import Changes, ChangeView, ListChangesRequest
from llm_config_domain import cursors
from llm_config_domain.configs.entries import ConfigVersion
from llm_config_domain.errors import CursorInvalid, TooLarge
from llm_config_domain.names import glob_prefix

MAX_NAMESPACES = 200
"""A client carries the revision of each namespace that it follows, in its `since`."""
MAX_VALUE_BYTES = 32 * 1024
_REVISION = re.compile(r"[0-9]{1,12}")


def list_changes(request: ListChangesRequest, context: Context, *, change_feed: ChangeFeed) -> Answer:
    tenant = context.caller.tenant
    lines = change_feed.lines(tenant, request.namespace, "", MAX_NAMESPACES + 1)
    if len(lines) > MAX_NAMESPACES:
        raise TooLarge("this is about too many namespaces at once: follow a narrower glob", limit=MAX_NAMESPACES)
    reached = _since(request, context, dict(lines))
    found: list[ConfigVersion] = []
    for namespace, revision in lines:
        if revision > reached.get(namespace, 0) and len(found) < request.limit:
            new = change_feed.changes(tenant, namespace, reached.get(namespace, 0), request.limit - len(found))
            found += new
            reached |= {version.name.namespace: version.revision for version in new}
    told = Changes(changes=list(_shown(found, request, context)), next=cursors.write(tenant, _feed(request), reached))
    return Answer(told, metadata={"items": len(told.changes)})


def _feed(request: ListChangesRequest) -> dict[str, Any]:
    return {"feed": request.namespace}


def _since(request: ListChangesRequest, context: Context, lines: Mapping[str, int]) -> dict[str, int]:
    """Namespace -> the revision that the client has. Raises CursorInvalid, also for a revision that is not yet."""
    if request.since == "0":
        return {}
    if _REVISION.fullmatch(request.since) and glob_prefix(request.namespace) is None:
        reached = {request.namespace: int(request.since)}
    else:
        reached = cursors.read(request.since, context.caller.tenant, _feed(request))
    if not isinstance(reached, dict) or not all(type(known) is int and known >= 0 for known in reached.values()):
        raise CursorInvalid
    if glob_prefix(request.namespace) is None and reached.get(request.namespace, 0) > lines.get(request.namespace, 0):
        raise CursorInvalid("this place of the feed is not there yet: begin again with since=0")
    return dict(reached)


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
)
