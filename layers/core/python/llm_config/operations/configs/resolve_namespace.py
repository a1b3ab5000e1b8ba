"""Resolve every key of a namespace, page by page, all as they stood when the first page was asked for."""

import hashlib
from collections.abc import Iterator

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.pages import Paging
from llm_config.ports.config_reader import ConfigReader, NamespacePage
from llm_config_contract.resolved import ResolvedItem, ResolvedNamespace, ResolveNamespaceRequest
from llm_config_domain import environments
from llm_config_domain.configs.entries import Pins
from llm_config_domain.configs.resolve import resolve
from llm_config_domain.errors import NotFound
from llm_config_domain.names import Name

_NO_DIGEST = "0" * 64


def resolve_namespace(request: ResolveNamespaceRequest, context: Context, *, config_reader: ConfigReader) -> Answer:
    environments.check_owner(context.caller.tenant, request.environment)
    paging = Paging(request, context, int, int, str, int, str)
    tenant, platform, after, count, digest = paging.place or (0, 0, "", 0, _NO_DIGEST)
    pins = Pins(tenant, platform) if paging.place else None
    page = config_reader.namespace(context.caller.tenant, request.namespace, pins, after, paging.limit)
    items = list(_items(request, context, page))
    count, digest = count + len(items), _chained(digest, items)
    place = (page.pins.tenant, page.pins.platform, page.last, count, digest) if page.more else None
    body = ResolvedNamespace(
        items=items,
        environment=request.environment,
        revision=page.pins.tenant,
        next_cursor=paging.cursor(place),
        count=None if page.more else count,
        digest=None if page.more else digest,
    )
    return Answer(body, metadata={"items": len(items), "revision": page.pins.tenant})


def _items(request: ResolveNamespaceRequest, context: Context, page: NamespacePage) -> Iterator[ResolvedItem]:
    """The keys that have a layer in this environment and that the caller may read."""
    for key, layers in page.keys.items():
        name = Name(context.caller.tenant, request.namespace, key, request.environment)
        try:
            found = resolve(layers, name)
        except NotFound:
            continue
        if context.allows("read", name):
            yield ResolvedItem(
                namespace=name.namespace,
                key=key,
                environment=name.environment,
                version=found.version,
                etag=found.etag(None, False, []),
                value=found.rendered(),
            )


def _chained(digest: str, items: list[ResolvedItem]) -> str:
    """The digest of all items so far: it does not depend on where the pages ended."""
    for item in items:
        digest = hashlib.sha256(f"{digest}{item.key}\0{item.etag}".encode()).hexdigest()
    return digest


RESOLVE_NAMESPACE = Operation(
    name="resolve_namespace",
    summary="Resolve every key of a namespace at one revision",
    action="configs:read",
    method="GET",
    path="/api/v1/resolved",
    request=ResolveNamespaceRequest,
    response=ResolvedNamespace,
    run=resolve_namespace,
    recorded=Recorded.BEHIND,
    event_type="config.resolved",
)
