"""The base of every request and answer, and where in an HTTP request each field comes from."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, ClassVar, NamedTuple

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from llm_config_domain import environments, names, times
from llm_config_domain.errors import Malformed
from llm_config_domain.versions import Moment

PATH, QUERY, HEADER, BODY = "path", "query", "header", "body"


class Touch(NamedTuple):
    """What a request is about, as policy names it; `verb` where it is another than its route's."""

    id: str
    environment: str | None = None
    verb: str | None = None


class Wire(BaseModel):
    """Strict, frozen, closed. `hide_input_in_errors`: a refused secret must not be quoted back by its refusal.

    `later` names documented fields whose behaviour is not there yet: they are refused by name, never ignored.
    `whole_body` names, for each media type that the route takes, the field that the whole body goes into.
    """

    # Built at first use: a function meets few of these, a command one. Threads may meet it together (pydantic 2.14).
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True, defer_build=True)
    later: ClassVar[frozenset[str]] = frozenset()
    whole_body: ClassVar[Mapping[str, str]] = {}
    max_body_bytes: ClassVar[int] = 2 * 1024 * 1024

    @property
    def resource_id(self) -> str:
        """What the request is about, as policy names it; requests that name something say it."""
        return ""

    @property
    def resource_environment(self) -> str | None:
        return None

    @property
    def touches(self) -> tuple[Touch, ...]:
        """Everything that the caller must be allowed to touch."""
        return (Touch(self.resource_id, self.resource_environment),)

    @property
    def flow(self) -> tuple[Touch, Touch] | None:
        """(from, to) of a secret that the request carries to another name: who may read it there must be allowed to
        read it here, or a copy would be a way around."""
        return None

    @property
    def scope(self) -> str | None:
        """For a listing, the glob of the namespaces that it is about: what it shows is decided item by item."""
        return None


def from_path() -> Any:
    return Field(json_schema_extra={"in": PATH})


def from_query(default: Any = ..., *, name: str = "", description: str = "") -> Any:
    return Field(default, description=description, json_schema_extra={"in": QUERY, **({"name": name} if name else {})})


def from_header(name: str, **limits: Any) -> Any:
    return Field(default=None, json_schema_extra={"in": HEADER, "name": name}, **limits)


@cache
def fields_in(model: type[Wire], place: str) -> Mapping[str, str]:
    """{name in the request: field's name} of the fields that come from `place`; a field that says nothing is of the body,
    under its alias where it has one."""
    found: dict[str, str] = {}
    for field, info in model.model_fields.items():
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        if extra.get("in", BODY) == place:
            name = str(extra.get("name") or info.alias or field)
            found[name.lower() if place == HEADER else name] = field
    return found


def _whole_number(text: Any) -> Any:
    if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= 9:
        return int(text)
    return text


def _yes_or_no(text: Any) -> Any:
    return {"true": True, "false": False}.get(text, text) if isinstance(text, str) else text


def _path(path: str) -> str:
    names.split_path(path)
    return path


def _moment(text: str) -> str:
    Moment.read(text)
    return text


def _printable(text: str) -> str:
    if not text.isascii() or not text.isprintable():
        raise Malformed("an Idempotency-Key is 1 to 255 printable ASCII characters")
    return text


QueryVersion = Annotated[int, BeforeValidator(_whole_number), Field(ge=1)]
QueryRevision = Annotated[int, BeforeValidator(_whole_number), Field(ge=0)]
QueryMoment = Annotated[str, AfterValidator(_moment)]
QueryFlag = Annotated[bool, BeforeValidator(_yes_or_no)]
BodyVersion = Annotated[int, Field(ge=1, le=999_999_999)]
QuerySeconds = Annotated[int, BeforeValidator(_whole_number), Field(ge=0, le=20)]
QueryLimit = Annotated[int, BeforeValidator(_whole_number), Field(ge=1, le=1000)]
Glob = Annotated[str, AfterValidator(names.check_glob)]
Namespace = Annotated[str, AfterValidator(names.check_namespace)]
Time = Annotated[str, AfterValidator(times.normal)]
ItemPath = Annotated[str, AfterValidator(_path)]
Environment = Annotated[str, AfterValidator(environments.canonical)]
IdempotencyKey = Annotated[str, AfterValidator(_printable)]
Tags = Annotated[
    dict[Annotated[str, Field(min_length=1, max_length=128)], Annotated[str, Field(max_length=256)]],
    Field(max_length=50),
]
Reason = Annotated[str, Field(max_length=2000)]


class NamedRequest(Wire):
    """A request about one config or secret in one environment."""

    path: ItemPath = from_path()
    environment: Environment = from_query(description="global, development, staging, production or edge (or an alias)")

    @property
    def resource_id(self) -> str:
        return self.path

    @property
    def resource_environment(self) -> str | None:
        return self.environment


class PageRequest(Wire):
    limit: QueryLimit = from_query(100, description="how many items a page has at most, 1 to 1000")
    cursor: Annotated[str, Field(max_length=8192)] | None = from_query(
        None, description="`next_cursor` of the page before, with the same query"
    )


class ScopedRequest(Wire):
    """About the namespaces that `namespace` means: one, everything under it (`team/*`), or all (`*`)."""

    namespace: Glob = from_query("*", description="a namespace, everything under one (`team/*`), or `*`")
    environment: Environment | None = from_query(None, description="only what is of this environment")

    @property
    def resource_id(self) -> str:
        return self.namespace

    @property
    def resource_environment(self) -> str | None:
        return self.environment

    @property
    def scope(self) -> str | None:
        return self.namespace


class ListRequest(ScopedRequest, PageRequest):
    pass


class NoContent(Wire):
    """An answer without a body."""


class VersionView(Wire):
    """What every answer about a version says. Times are RFC 3339 in UTC; `etag` is as the header has it."""

    id: str
    namespace: str
    key: str
    environment: str
    version: int
    revision: int
    etag: str
    change_type: str
    classification: str
    tags: dict[str, str]
    created_at: str
    created_by: str
    updated_at: str
    updated_by: str
    reason: str | None
    expires_at: str | None = None


class WriteHeaders(Wire):
    """What every write takes beside its body."""

    idempotency_key: IdempotencyKey | None = from_header("Idempotency-Key", min_length=1, max_length=255)
    if_match: str | None = from_header("If-Match", max_length=1000)
    if_none_match: str | None = from_header("If-None-Match", max_length=1000)
