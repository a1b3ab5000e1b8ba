"""Configs on the wire."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from llm_config_contract.problems import ViolationView
from llm_config_contract.wire import (
    NamedRequest,
    QueryFlag,
    QueryVersion,
    Reason,
    Tags,
    VersionView,
    Wire,
    WriteHeaders,
    from_query,
)

Classification = Literal["public", "internal", "confidential", "restricted"]


class PutConfigRequest(NamedRequest, WriteHeaders):
    later: ClassVar[frozenset[str]] = frozenset({"schema", "expires_at", "git", "merge"})

    value: Annotated[Any, Field(description="any JSON, at most 1 MiB; numbers are kept to the digit")]
    reason: Reason | None = None
    classification: Classification = "internal"
    tags: Tags = Field(default_factory=dict)


class GetConfigRequest(NamedRequest):
    version: QueryVersion | None = from_query(None, description="a version; the current one when left out")


class ResolveConfigRequest(NamedRequest):
    later: ClassVar[frozenset[str]] = frozenset({"as_of", "min_revision"})

    explain: QueryFlag = from_query(False, description="say for each leaf which layer it came from")
    secrets: Literal["reveal"] | None = from_query(None, description="`reveal` puts secrets in the place of references")


class ConfigEntry(VersionView):
    """One config at one version."""

    value: Any
    schema_: Annotated[str | None, Field(serialization_alias="schema", validation_alias="schema")] = None


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


class ValidateConfigRequest(NamedRequest):
    """A field cannot be called `schema` in pydantic, so its name on the wire is its alias."""

    value: Annotated[Any, Field(description="the value to check, as a PUT would bring it")]
    schema_: Annotated[
        dict[str, Any] | str | None,
        Field(alias="schema", description="a JSON Schema (draft-07, or 2020-12 by its `$schema`)"),
    ] = None


class ConfigValidation(Wire):
    """`violations` keep the value from being stored or from following the schema; `warnings` do not."""

    valid: bool
    violations: list[ViolationView]
    warnings: list[ViolationView]
