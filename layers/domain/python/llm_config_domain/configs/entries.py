"""One config at one version, and the step to the next."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from llm_config_domain import json_text
from llm_config_domain.errors import Malformed, TooLarge
from llm_config_domain.journal import JournalEntry, committed
from llm_config_domain.json_text import Json
from llm_config_domain.names import Name
from llm_config_domain.versions import ChangeType, Draft, Moment, Version, revision_at, succession

MAX_VALUE_BYTES = 1024 * 1024


NO_VALUE = "null"
"""What stands as the value of a version that deletes its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigDraft(Draft):
    """What a writer brings. `value` is exact JSON text (see `json_text`); `from_version` is the earlier version that a
    rollback or a restore brings back."""

    value: str
    from_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigMetadata(Version):
    """Everything about a version of a config but its value."""

    from_version: int | None = None

    def to_record(self) -> dict[str, Any]:
        """All but the name and the value, as JSON can hold it."""
        record = asdict(self)
        del record["name"]
        record.pop("value", None)
        return record

    @classmethod
    def from_record(cls, name: Name, record: Mapping[str, Any]) -> "ConfigMetadata":
        return ConfigMetadata(name=name, **_typed(record))


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigVersion(ConfigMetadata):
    """An immutable version of a config. `value` is exact JSON text."""

    value: str

    def json(self) -> Json:
        return json_text.read(self.value)

    def told(self, entry: JournalEntry) -> JournalEntry:
        """`entry` as the record of this version: the value is named by its SHA-256, and is not in it."""
        digest = hashlib.sha256(self.value.encode()).hexdigest()
        return committed(
            entry,
            self.change_type,
            at=self.updated_at,
            version=self.version,
            revision=self.revision,
            reason=self.reason,
            value_sha256=digest,
            **({"from_version": self.from_version} if self.from_version else {}),
        )

    @classmethod
    def whole(cls, name: Name, record: Mapping[str, Any], value: str) -> "ConfigVersion":
        return cls(name=name, value=value, **_typed(record))


def _typed(record: Mapping[str, Any]) -> dict[str, Any]:
    return {**record, "change_type": ChangeType(record["change_type"])}


@dataclass(frozen=True, slots=True)
class Pins:
    """The revisions of one namespace that an answer depends on: the tenant's line and the platform's; 0 where there is
    none. `generation`: how often the tenant has purged its caches; what is of another one is not believed.
    `bound_seconds`: how long the namespace lets them be believed unasked, if it says so."""

    tenant: int
    platform: int
    generation: int = 0
    bound_seconds: int | None = field(default=None, compare=False)

    def may_follow(self, other: "Pins") -> bool:
        """May what was read at these be kept where something read at `other` is kept? Revisions decide, whatever the clock
        says; a purge begins anew, since a store that was rolled back counts its revisions again."""
        if self.generation != other.generation:
            return self.generation > other.generation
        return self.tenant >= other.tenant and self.platform >= other.platform


def pins_at(moment: Moment, now: Pins, own: Callable[[int], str], platform: Callable[[int], str]) -> Pins:
    """The revisions that stood at `moment`, of lines that stand at `now`; `own` and `platform` read when a revision of
    theirs was committed. Across the two lines this is exact to clock skew.

    Raises Malformed for a revision that the tenant's line has not reached.
    """
    if moment.revision is None:
        at = str(moment.at)
        return Pins(revision_at(at, now.tenant, own), revision_at(at, now.platform, platform))
    if moment.revision > now.tenant:
        raise Malformed("`as_of` names a revision that this namespace has not reached")
    if moment.revision == 0:
        return Pins(0, 0)
    return Pins(moment.revision, revision_at(own(moment.revision), now.platform, platform) if now.platform else 0)


@dataclass(frozen=True, slots=True)
class Layers:
    """Every environment's current entry of one key, of the tenant and of the platform, read at `revision` (and at
    `platform_revision`)."""

    revision: int
    tenant: Mapping[str, ConfigVersion]
    platform: Mapping[str, ConfigVersion]
    platform_revision: int = 0
    generation: int = 0
    bound_seconds: int | None = field(default=None, compare=False)
    memo: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was worked out of these layers, which never change: for `resolve`."""

    @property
    def pins(self) -> Pins:
        return Pins(self.revision, self.platform_revision, self.generation, self.bound_seconds)

    def bound_by(self, pins: Pins) -> "Layers":
        """The same, with what the namespace says now of how long they may be believed."""
        return self if self.bound_seconds == pins.bound_seconds else replace(self, bound_seconds=pins.bound_seconds)


def value_text(value: Json) -> str:
    """The exact text to store. Raises TooLarge."""
    text = json_text.write(value)
    size = len(text.encode())
    if size > MAX_VALUE_BYTES:
        raise TooLarge("a value is at most 1 MiB of JSON", limit=MAX_VALUE_BYTES, current=size)
    return text


def next_version(
    name: Name, current: ConfigMetadata | None, draft: ConfigDraft, *, revision: int, at: str
) -> ConfigVersion:
    """The version that `draft` becomes on top of `current`."""
    fields = succession(name, current, draft, revision=revision, at=at)
    return ConfigVersion(value=draft.value, from_version=draft.from_version, **fields)
