"""What can be looked for by its name: configs and secrets, each with as much of its metadata as tells what it is.

Nothing of a value is here, nothing that was computed of one, and nobody's name or words: who changed a thing, and why, its own
listing says.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from llm_config_domain.configs.entries import ConfigMetadata
from llm_config_domain.errors import Malformed
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import Name, TenantId
from llm_config_domain.secrets.entries import SecretMetadata
from llm_config_domain.versions import Version

Place = tuple[str, str, str, str]
"""(namespace, key, environment, kind): where a search stands, in its order."""
MIN_TEXT, MAX_TEXT = 2, 128
_TEXT = re.compile(r"[a-z0-9._/ -]+")


class Kind(StrEnum):
    CONFIG = "config"
    SECRET = "secret"  # noqa: S105 - a kind's name

    @property
    def resources(self) -> str:
        """As policy and the journal call them."""
        return f"{self}s"


@dataclass(frozen=True, slots=True, order=True)
class Indexed:
    """A config or a secret. The two may have the same name."""

    name: Name
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedMetadata:
    """One of them as a search shows it: its current version, or of a secret without one the last that was. `type` and
    `stage` are a secret's. Times are RFC 3339."""

    indexed: Indexed
    version: int
    revision: int
    type: str | None = None
    stage: str | None = None
    classification: str
    tags: Mapping[str, str]
    created_at: str
    updated_at: str
    expires_at: str | None = None

    @property
    def place(self) -> Place:
        name = self.indexed.name
        return name.namespace, name.key, name.environment, self.indexed.kind.value

    def to_record(self) -> dict[str, Any]:
        """All but what it is of, as JSON can hold it."""
        record = asdict(self)
        del record["indexed"]
        return record

    @classmethod
    def from_record(cls, indexed: Indexed, record: Mapping[str, Any]) -> "IndexedMetadata":
        return cls(indexed=indexed, **record)

    @classmethod
    def of_config(cls, entry: ConfigMetadata) -> "IndexedMetadata":
        return cls(indexed=Indexed(entry.name, Kind.CONFIG), **_shown(entry))

    @classmethod
    def of_secret(cls, entry: SecretMetadata) -> "IndexedMetadata":
        own: dict[str, Any] = {"type": entry.type.value, "stage": entry.stage.value, "expires_at": entry.expires_at}
        return cls(indexed=Indexed(entry.name, Kind.SECRET), **own, **_shown(entry))


@dataclass(frozen=True, slots=True)
class IndexedState:
    """Where one of them stood at a revision of its line; `shown` is None of one that was deleted."""

    indexed: Indexed
    revision: int
    shown: IndexedMetadata | None


@dataclass(frozen=True, slots=True)
class NameQuery:
    """What stands in the namespaces that `glob` means, of one environment and kind or of all, and holds each of `words` in
    its path."""

    words: tuple[str, ...]
    glob: str = "*"
    environment: str | None = None
    kind: Kind | None = None


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text to look for, each once. Raises Malformed for a text that no name could hold."""
    words = tuple(dict.fromkeys(text.split(" ")))
    found = tuple(word for word in words if word)
    if not found or not MIN_TEXT <= len(text) <= MAX_TEXT or not _TEXT.fullmatch(text):
        raise Malformed(
            f"a text to look for has {MIN_TEXT} to {MAX_TEXT} characters of a-z, 0-9, '.', '_', '-' and '/', as names have "
            "them; spaces between words"
        )
    return found


def is_tagged(tags: Mapping[str, str], asked: str) -> bool:
    """`asked` is a tag's name, or `name:value`."""
    name, colon, value = asked.partition(":")
    return asked in tags or (bool(colon) and tags.get(name) == value)


def changed_in(entries: Iterable[JournalEntry]) -> Mapping[TenantId, list[Indexed]]:
    """The configs and secrets that these changes are about, each once, by tenant."""
    found: dict[TenantId, dict[Indexed, None]] = {}
    for entry in entries:
        kind = _KINDS.get(entry.resource.type)
        if kind is not None and entry.resource.environment is not None:
            namespace, _, key = entry.resource.id.rpartition("/")
            name = Name(entry.tenant, namespace, key, entry.resource.environment)
            found.setdefault(entry.tenant, {})[Indexed(name, kind)] = None
    return {tenant: list(names) for tenant, names in found.items()}


_KINDS = {kind.resources: kind for kind in Kind}


def _shown(entry: Version) -> dict[str, Any]:
    return {
        "version": entry.version,
        "revision": entry.revision,
        "classification": entry.classification,
        "tags": dict(entry.tags),
        "created_at": entry.created_at,
        "updated_at": entry.updated_at,
    }
