"""Configs on the wire."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AliasChoices, Field

from llm_config_contract.problems import ViolationView
from llm_config_contract.wire import (
    BodyVersion,
    Environment,
    IdempotencyKey,
    ItemPath,
    ListRequest,
    NamedRequest,
    PageRequest,
    QueryLimit,
    QuerySeconds,
    QueryVersion,
    Reason,
    ScopedRequest,
    Tags,
    Time,
    Touch,
    VersionView,
    Wire,
    WriteHeaders,
    from_header,
    from_query,
)

_NOTHING = object()
"""Where JSON's null means something."""
Classification = Literal["public", "internal", "confidential", "restricted"]


class PutConfigRequest(NamedRequest, WriteHeaders):
    later: ClassVar[frozenset[str]] = frozenset({"schema", "expires_at", "git", "merge"})

    value: Annotated[Any, Field(description="any JSON, at most 1 MiB; numbers are kept to the digit")]
    reason: Reason | None = None
    classification: Classification = "internal"
    tags: Tags = Field(default_factory=dict)


class CreateConfigRequest(PutConfigRequest):
    """As PUT, for a name that must be new."""


class PatchConfigRequest(NamedRequest, WriteHeaders):
    """The body is the patch itself: RFC 6902 or RFC 7396, as its media type says."""

    whole_body: ClassVar[Mapping[str, str]] = {
        "application/json-patch+json": "json_patch",
        "application/merge-patch+json": "merge_patch",
    }
    json_patch: Annotated[Any, Field(description="operations of RFC 6902")] = None
    merge_patch: Annotated[Any, Field(description="a merge patch of RFC 7396")] = None
    reason: Reason | None = from_query(None, description="why")

    @property
    def is_merge(self) -> bool:
        return "merge_patch" in self.model_fields_set


class DeleteConfigRequest(NamedRequest, WriteHeaders):
    reason: Reason | None = from_query(None, description="why")


class RollbackConfigRequest(NamedRequest, WriteHeaders):
    """Back to a version, or to the one that stood at a time."""

    version: BodyVersion | None = None
    as_of: Time | None = None
    reason: Reason | None = None


class RestoreConfigRequest(NamedRequest, WriteHeaders):
    reason: Reason | None = None


class ListConfigsRequest(ListRequest):
    tag: Annotated[str, Field(max_length=400)] | None = from_query(None, description="`name:value`")
    q: Annotated[str, Field(max_length=255)] | None = from_query(None, description="only paths that hold this text")


class ListConfigVersionsRequest(NamedRequest, PageRequest):
    pass


class DiffConfigRequest(NamedRequest):
    from_: QueryVersion = from_query(name="from", description="a version")
    to: QueryVersion = from_query(description="another version, later or earlier")


class ListChangesRequest(ScopedRequest):
    since: Annotated[str, Field(max_length=8192)] = from_query(
        "0", description="`next` of the answer before; 0 is the beginning; of one namespace its revision will do"
    )
    wait: QuerySeconds = from_query(0, description="seconds to wait for a change when there is none yet")
    limit: QueryLimit = from_query(100, description="about how many changes an answer has at most")
    on_gap: Literal["refuse", "tell"] = from_query(
        "refuse",
        description="of a place that the feed does not have: a problem, or `gap` and the feed from its beginning",
    )


class BatchOperation(Wire):
    """One change of a batch; `value` is the new value, or the patch of `patch` (a list: RFC 6902, else RFC 7396)."""

    operation: Literal["put", "create", "patch", "delete"]
    path: ItemPath
    environment: Environment
    value: Any = None
    reason: Reason | None = None
    classification: Classification = "internal"
    tags: Tags = Field(default_factory=dict)
    if_match: Annotated[str, Field(max_length=1000)] | None = None
    if_none_match: Annotated[str, Field(max_length=1000)] | None = None

    @property
    def verb(self) -> str:
        return "delete" if self.operation == "delete" else "write"


class BatchConfigsRequest(Wire):
    max_body_bytes: ClassVar[int] = 4_000_000

    operations: Annotated[list[BatchOperation], Field(min_length=1)]
    atomic: bool = True
    dry_run: bool = False
    reason: Reason | None = None
    idempotency_key: IdempotencyKey | None = from_header("Idempotency-Key", min_length=1, max_length=255)

    @property
    def touches(self) -> tuple[Touch, ...]:
        return tuple(Touch(one.path, one.environment, one.verb) for one in self.operations)


class GetConfigRequest(NamedRequest):
    version: QueryVersion | None = from_query(None, description="a version; the current one when left out")


class ConfigMetadataView(VersionView):
    """One config at one version, without its value. `from_version`: the version that a rollback or a restore brought
    back."""

    schema_: Annotated[str | None, Field(serialization_alias="schema", validation_alias="schema")] = None
    from_version: int | None = Field(default=None, exclude_if=lambda told: told is None)


class ConfigEntry(ConfigMetadataView):
    """One config at one version."""

    value: Any


class ConfigPage(Wire):
    items: list[ConfigMetadataView]
    next_cursor: str | None = None


class ConfigDiff(Wire):
    """How to make version `to` of version `from`: RFC 6902, and in words."""

    from_: Annotated[int, Field(serialization_alias="from", validation_alias=AliasChoices("from", "from_"))]
    to: int
    patch: list[dict[str, Any]]
    summary: str


class BatchResult(Wire):
    """`kind` and `detail` say why an operation was refused, as a problem would."""

    operation_index: int
    status: int
    version: int | None = None
    kind: str | None = Field(default=None, exclude_if=lambda told: told is None)
    detail: str | None = Field(default=None, exclude_if=lambda told: told is None)


class BatchResults(Wire):
    results: list[BatchResult]
    dry_run: bool = False


class ChangeView(Wire):
    """One version of a config. `value` is there up to 32 KiB, and not for a deletion."""

    change_type: str
    namespace: str
    key: str
    environment: str
    version: int
    revision: int
    at: str
    value: Any = Field(default_factory=lambda: _NOTHING, exclude_if=lambda told: told is _NOTHING)


class Gap(Wire):
    """The place that was named is not in the feed: drop what you hold. What this answer and those after it tell, from the
    beginning, makes what stands now."""

    reason: str


class Changes(Wire):
    """Changes in the order of each namespace's revisions. Ask again with `next`.

    `reached`: namespace -> the revision up to which you have been told now, or passed over what is not for you.
    `retry_after`: nobody waited, because too many do; wait so many seconds yourself.
    """

    changes: list[ChangeView]
    next: str
    reached: dict[str, int] = Field(default_factory=dict, exclude_if=lambda told: not told)
    gap: Gap | None = Field(default=None, exclude_if=lambda told: told is None)
    retry_after: int | None = Field(default=None, exclude_if=lambda told: told is None)


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
