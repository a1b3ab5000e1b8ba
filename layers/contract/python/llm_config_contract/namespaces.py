"""Namespaces on the wire."""

from typing import Annotated

from pydantic import Field

from llm_config_contract.wire import (
    Namespace,
    PageRequest,
    Reason,
    Tags,
    Wire,
    WriteHeaders,
    from_path,
    from_query,
)


class NamespaceRequest(Wire):
    """About one namespace."""

    namespace: Namespace = from_path()

    @property
    def resource_id(self) -> str:
        return self.namespace


class PutNamespaceRequest(NamespaceRequest, WriteHeaders):
    """Everything that is said about it: what is left out is not said any more."""

    description: Annotated[str | None, Field(max_length=2000)] = None
    owner_team: Annotated[str | None, Field(max_length=200)] = None
    contacts: Annotated[list[Annotated[str, Field(min_length=1, max_length=200)]], Field(max_length=20)] = Field(
        default_factory=list
    )
    tags: Tags = Field(default_factory=dict)
    staleness_bound_seconds: Annotated[
        int | None,
        Field(ge=0, le=3600, description="how old an answer about its configs may be; 0: none is from memory"),
    ] = None
    reason: Reason | None = None


class GetNamespaceRequest(NamespaceRequest):
    pass


class DeleteNamespaceRequest(NamespaceRequest, WriteHeaders):
    reason: Reason | None = from_query(None, description="why")


class ListNamespacesRequest(PageRequest):
    @property
    def resource_id(self) -> str:
        return "*"

    @property
    def scope(self) -> str | None:
        return "*"


class NamespaceView(Wire):
    """A revision of 0: nothing of the kind was ever written in it. Times, authors and `etag` are of what is said about it,
    and null where nothing is."""

    namespace: str
    description: str | None
    owner_team: str | None
    contacts: list[str]
    tags: dict[str, str]
    staleness_bound_seconds: int | None = Field(None, description="null: as the deployment has it")
    created_at: str | None
    created_by: str | None
    updated_at: str | None
    updated_by: str | None
    etag: str | None
    configs_revision: int
    secrets_revision: int


class NamespacePage(Wire):
    items: list[NamespaceView]
    next_cursor: str | None = None
