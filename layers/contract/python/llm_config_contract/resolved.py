"""Resolving on the wire: one config along its chain of environments, or a whole namespace at one revision."""

from typing import Annotated, Any, Literal

from pydantic import Field

from llm_config_contract.wire import (
    Environment,
    NamedRequest,
    Namespace,
    PageRequest,
    QueryFlag,
    QueryMoment,
    QueryRevision,
    Wire,
    from_header,
    from_query,
)


class ResolveConfigRequest(NamedRequest):
    explain: QueryFlag = from_query(False, description="say for each leaf which layer it came from")
    secrets: Literal["reveal"] | None = from_query(None, description="`reveal` puts secrets in the place of references")
    as_of: QueryMoment | None = from_query(
        None, description="as it stood then: a time, or a revision of the namespace; without secrets"
    )
    min_revision: QueryRevision | None = from_query(
        None, description="a revision of the namespace that the answer must know: read your own writes"
    )
    cache_control: str | None = from_header("Cache-Control", max_length=1000)

    @property
    def no_cache(self) -> bool:
        """Whether the answer must go past every cache (RFC 9111 section 5.2.1.4)."""
        return "no-cache" in {directive.strip().lower() for directive in (self.cache_control or "").split(",")}


class ResolveNamespaceRequest(PageRequest):
    namespace: Namespace = from_query(description="one namespace")
    environment: Environment = from_query(description="the environment to resolve in")

    @property
    def resource_id(self) -> str:
        return self.namespace

    @property
    def resource_environment(self) -> str | None:
        return self.environment

    @property
    def scope(self) -> str | None:
        return self.namespace


class LayerView(Wire):
    layer: Literal["platform", "tenant"]
    environment: str
    version: int


class LeafOrigin(LayerView):
    """Where a leaf came from, and the layers that it hides, lowest first."""

    revision: int
    author: str
    at: str
    reason: str | None
    shadows: list[LayerView]


class ResolvedConfig(Wire):
    value: Annotated[Any, Field(repr=False)]
    environment: str
    version: int
    revision: int
    age_seconds: int
    stale: bool
    etag: str
    layers: list[LayerView]
    explain: dict[str, LeafOrigin] | None = Field(default=None, exclude_if=lambda told: told is None)


class ResolvedItem(Wire):
    namespace: str
    key: str
    environment: str
    version: int
    etag: str
    value: Any


class ResolvedNamespace(Wire):
    """Keys of a namespace, all at `revision`. The last page says how many there were in all, and their digest: from 64
    zeros, for each item in order, the SHA-256 in hex of `<digest so far><key>` NUL `<etag>`."""

    items: list[ResolvedItem]
    environment: str
    revision: int
    next_cursor: str | None = None
    count: int | None = Field(default=None, exclude_if=lambda told: told is None)
    digest: str | None = Field(default=None, exclude_if=lambda told: told is None)
