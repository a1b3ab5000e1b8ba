"""What is said about a namespace: whose it is, and whom to ask."""

from collections.abc import Mapping, Sequence

from llm_config_client.calls.options import given
from llm_config_client.core import Call, Route, call
from llm_config_contract.namespaces import (
    DeleteNamespaceRequest,
    GetNamespaceRequest,
    ListNamespacesRequest,
    NamespacePage,
    NamespaceView,
    PutNamespaceRequest,
)
from llm_config_contract.wire import NoContent

PUT_NAMESPACE = Route("PUT", "/api/v1/namespaces/{namespace}", PutNamespaceRequest, NamespaceView)
GET_NAMESPACE = Route("GET", "/api/v1/namespaces/{namespace}", GetNamespaceRequest, NamespaceView)
LIST_NAMESPACES = Route("GET", "/api/v1/namespaces", ListNamespacesRequest, NamespacePage)
DELETE_NAMESPACE = Route("DELETE", "/api/v1/namespaces/{namespace}", DeleteNamespaceRequest, NoContent)


def put_namespace(
    namespace: str,
    *,
    description: str | None = None,
    owner_team: str | None = None,
    contacts: Sequence[str] | None = None,
    tags: Mapping[str, str] | None = None,
    staleness_bound_seconds: int | None = None,
    reason: str | None = None,
    if_match: str | None = None,
    if_none_match: str | None = None,
    idempotency_key: str | None = None,
) -> Call[NamespaceView]:
    """Say everything about a namespace: what is left out is not said any more."""
    options = {**locals(), "contacts": None if contacts is None else list(contacts)}
    return call(PUT_NAMESPACE, given(options))


def get_namespace(namespace: str) -> Call[NamespaceView]:
    """Read what is said about a namespace."""
    return call(GET_NAMESPACE, given(locals()))


def list_namespaces(*, limit: int | None = None, cursor: str | None = None) -> Call[NamespacePage]:
    """One page of the namespaces that you may see; `every` of a client goes through all pages."""
    return call(LIST_NAMESPACES, given(locals()))


def delete_namespace(
    namespace: str,
    *,
    reason: str | None = None,
    if_match: str | None = None,
    if_none_match: str | None = None,
    idempotency_key: str | None = None,
) -> Call[NoContent]:
    """Say nothing about a namespace any more. Raises Conflict while it holds something."""
    return call(DELETE_NAMESPACE, given(locals()))
