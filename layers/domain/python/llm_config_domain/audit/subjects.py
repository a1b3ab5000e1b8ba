"""Who acted, under a pseudonym: what a leaf holds of a person is nothing but an HMAC under a key of that person's own.

The key and the name lie beside the tree. Whoever has both can see that the pseudonym is of this name; once they are
erased, nobody can, and every leaf, proof and checkpoint stays what it was.
"""

import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from llm_config_domain.audit.leaves import canonical
from llm_config_domain.callers import NOBODY, SYSTEM
from llm_config_domain.journal import Actor, JournalEntry

PREFIX = "subject:"
_NAMELESS = frozenset({SYSTEM, NOBODY.actor_type})
"""Types of actors behind whom there is nobody to be forgotten."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody who acted: the name that the credential gave, and the key (64 hex digits) that is for this name alone."""

    name: str
    key: str

    @property
    def pseudonym(self) -> str:
        """`subject:` and 64 hex digits. It commits to the name: no other name and key make it."""
        return PREFIX + hmac.new(self.key.encode(), self.name.encode(), sha256).hexdigest()

    def to_record(self) -> dict[str, str]:
        return {"name": self.name, "key": self.key}


@dataclass(frozen=True, slots=True)
class Erased:
    """A pseudonym of which nobody knows any more whose it is, since `at` (RFC 3339)."""

    pseudonym: str
    at: str


def is_subject(actor: Actor) -> bool:
    """Is it somebody, and not the product itself or nobody?"""
    return bool(actor.id) and actor.type not in _NAMELESS


def names_in(entries: Iterable[JournalEntry]) -> frozenset[str]:
    """The names that leaves must not hold."""
    return frozenset(entry.actor.id for entry in entries if is_subject(entry.actor))


def pseudonymous(entry: JournalEntry, pseudonym_of: Callable[[str], str]) -> JournalEntry:
    """The entry as it becomes a leaf."""
    if not is_subject(entry.actor):
        return entry
    return replace(entry, actor=replace(entry.actor, id=pseudonym_of(entry.actor.id)))


def actors_line(actors: Mapping[str, Mapping[str, str]]) -> str:
    """The line of an export's checkpoint about the names that stand beside its entries: none can be added, taken away or
    changed without it."""
    return f"actors {sha256(canonical(actors)).hexdigest()}"
