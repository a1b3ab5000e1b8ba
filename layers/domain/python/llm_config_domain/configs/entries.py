"""One config at one version, and the step to the next."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from llm_config_domain import json_text
from llm_config_domain.errors import TooLarge
from llm_config_domain.json_text import Json
from llm_config_domain.names import Name
from llm_config_domain.versions import ABSENT, ChangeType, Head, change_on, etag

MAX_VALUE_BYTES = 1024 * 1024


class Classification(StrEnum):
    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True)
class ConfigDraft:
    """What a writer brings. `value` is exact JSON text (see `json_text`); `new_id` is used when the name is new."""

    value: str
    author: str
    new_id: str
    reason: str | None = None
    classification: str = Classification.INTERNAL
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConfigVersion:
    """An immutable version. `revision` is its namespace's revision when it was written; times are RFC 3339."""

    name: Name
    id: str
    version: int
    revision: int
    value: str
    change_type: ChangeType
    classification: str
    tags: Mapping[str, str]
    reason: str | None
    created_at: str
    created_by: str
    updated_at: str
    updated_by: str

    @property
    def head(self) -> Head:
        return Head(self.version, deleted=self.change_type is ChangeType.DELETE)

    @property
    def etag(self) -> str:
        return etag(self.version)

    def json(self) -> Json:
        return json_text.read(self.value)

    def to_record(self) -> dict[str, Any]:
        """All but the name and the value, as JSON can hold it."""
        record = asdict(self)
        del record["name"], record["value"]
        return record

    @classmethod
    def from_record(cls, name: Name, record: Mapping[str, Any], value: str) -> "ConfigVersion":
        return cls(name=name, value=value, **{**record, "change_type": ChangeType(record["change_type"])})


@dataclass(frozen=True, slots=True)
class Layers:
    """Every environment's current entry of one key, of the tenant and of the platform, read at `revision`."""

    revision: int
    tenant: Mapping[str, ConfigVersion]
    platform: Mapping[str, ConfigVersion]


def value_text(value: Json) -> str:
    """The exact text to store. Raises TooLarge."""
    text = json_text.write(value)
    size = len(text.encode())
    if size > MAX_VALUE_BYTES:
        raise TooLarge("a value is at most 1 MiB of JSON", limit=MAX_VALUE_BYTES, current=size)
    return text


def head_of(current: ConfigVersion | None) -> Head:
    return current.head if current else ABSENT


def next_version(
    name: Name, current: ConfigVersion | None, draft: ConfigDraft, *, revision: int, at: str
) -> ConfigVersion:
    """The version that `draft` becomes on top of `current`. A name keeps its id and its first author for life."""
    head = head_of(current)
    return ConfigVersion(
        name=name,
        id=current.id if current else draft.new_id,
        version=head.version + 1,
        revision=revision,
        value=draft.value,
        change_type=change_on(head),
        classification=draft.classification,
        tags=dict(draft.tags),
        reason=draft.reason,
        created_at=current.created_at if current else at,
        created_by=current.created_by if current else draft.author,
        updated_at=at,
        updated_by=draft.author,
    )
