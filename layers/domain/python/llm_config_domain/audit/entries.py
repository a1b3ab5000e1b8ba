"""What is asked of the audit, and what it holds."""

from dataclasses import dataclass
from typing import Any

from llm_config_domain import json_text
from llm_config_domain.audit.leaves import canonical, record_of
from llm_config_domain.audit.tree import leaf_hash
from llm_config_domain.journal import JournalEntry


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Entries of a time from `begin` and before `end` (RFC 3339), and of one event type, one actor, one namespace or all
    below one (`team/*`), where these are said."""

    begin: str
    end: str
    event_type: str | None = None
    actor: str | None = None
    namespace: str | None = None


@dataclass(frozen=True, slots=True)
class Leaf:
    """An entry in its place of the tree. `text` is its canonical JSON (RFC 8785), byte for byte what was hashed."""

    index: int
    text: str

    @property
    def hash(self) -> bytes:
        return leaf_hash(self.text.encode())

    @property
    def record(self) -> dict[str, Any]:
        """The entry as it is served."""
        record: dict[str, Any] = json_text.read(self.text)
        return record


def text_of(entry: JournalEntry) -> str:
    """The leaf's text that an entry becomes."""
    return canonical(record_of(entry)).decode()


def namespace_of(entry: JournalEntry) -> str:
    """The namespace that an entry is about; empty where it is about none."""
    if entry.resource.type == "namespaces":
        return entry.resource.id
    return entry.resource.id.rpartition("/")[0] if entry.resource.type in ("configs", "secrets") else ""
