"""What an auditor takes home: entries, the proof that they are those of the tree, and the signed checkpoint of it.

    {"entries": [...], "proofs": {"first_index": 17, "hashes": ["..."]}, "checkpoint": {...}, "actors": {...}}

The entries are leaves `first_index`, `first_index` + 1, ... without a gap; the hashes (hex) are those of the largest
subtrees beside them, from left to right, so that entries and hashes make the root. The checkpoint's note says which
leaves the bundle has and for which time, so that nothing can be cut off either end, and when it was asked for. Actors are
pseudonyms; the names of those that were not erased by then stand beside the entries, each with the key by which it makes
its pseudonym. Bundles from before there were pseudonyms have no actors. Everything here is pure: it needs the bundle, the
public key, and an earlier checkpoint where one is held.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from llm_config_domain.audit.checkpoints import Check, Checkpoint, opened
from llm_config_domain.audit.leaves import leaf_of
from llm_config_domain.audit.subjects import Subject, actors_line
from llm_config_domain.audit.tree import EMPTY_ROOT, Frontier, root_of_range

EARLIER_MEMBERS = frozenset({"entries", "proofs", "checkpoint"})
MEMBERS = EARLIER_MEMBERS | {"actors"}
CHECKPOINT_MEMBERS = frozenset({"tree_size", "root_hash", "signature", "public_key", "note"})


_ASKED = "asked "
_FURTHER = 2


class Unproven(Exception):
    """A bundle proves nothing; the text says what is wrong with it, and where."""


@dataclass(frozen=True, slots=True)
class Key:
    """An Ed25519 public key: its PEM text, its 32 bytes, and how a signature is checked with it."""

    pem: str
    raw: bytes
    check: Check


@dataclass(frozen=True, slots=True)
class Proven:
    """What a bundle proves: its checkpoint, and the leaves that it holds of the tree."""

    checkpoint: Checkpoint
    first: int
    leaves: tuple[bytes, ...]
    before: tuple[bytes, ...]
    """The peaks of the leaves before the first; not known where the bundle has no leaf and stands at the tree's end."""

    @property
    def asked_at(self) -> str | None:
        """When it was asked for (RFC 3339); bundles from before there were pseudonyms do not say it."""
        told = self.checkpoint.lines[-1]
        return told.removeprefix(_ASKED) if told.startswith(_ASKED) else None

    def root_at(self, size: int) -> bytes | None:
        """The root that the tree had at an earlier size, if what is here says it."""
        if size == self.checkpoint.size:
            return self.checkpoint.root
        if size == 0:
            return EMPTY_ROOT
        if not self.first <= size <= self.first + len(self.leaves):
            return None
        return Frontier(self.first, self.before).extended(self.leaves[: size - self.first]).root


def range_line(first: int, last: int, begin: str, end: str) -> str:
    """The checkpoint's further line: leaves `first` up to and not including `last`, of times from `begin` before `end`."""
    return f"export {first} {last} {begin} {end}"


def export_lines(
    first: int, last: int, begin: str, end: str, actors: Mapping[str, Mapping[str, str]], at: str
) -> tuple[str, ...]:
    """All that the checkpoint of a bundle says beside the tree: its range, its actors, and when it was asked for."""
    return (range_line(first, last, begin, end), actors_line(actors), f"{_ASKED}{at}")


def verified(bundle: Any, key: Key, held: Checkpoint | None = None) -> Proven:
    """Raises Unproven. `held` is an earlier checkpoint, verified when it was taken, that the bundle must extend."""
    if not isinstance(bundle, Mapping) or frozenset(bundle) not in (EARLIER_MEMBERS, MEMBERS):
        raise Unproven("a bundle has entries, proofs, a checkpoint and actors, and nothing else")
    checkpoint = checkpoint_in(bundle["checkpoint"], key)
    first, hashes = _proofs(bundle["proofs"])
    leaves = _leaves(bundle["entries"], first, checkpoint.origin)
    further = _check_range(checkpoint, first, first + len(leaves))
    if "actors" in bundle or further:
        _check_actors(bundle.get("actors"), bundle["entries"], further)
    if root_of_range(first, leaves, checkpoint.size, hashes) != checkpoint.root:
        raise Unproven("the entries and hashes do not make the signed root: something was changed, moved or left out")
    before = () if first == checkpoint.size else tuple(hashes[: first.bit_count()])
    proven = Proven(checkpoint, first, leaves, before)
    if held:
        check_extends(proven, held)
    return proven


def checkpoint_in(told: Any, key: Key) -> Checkpoint:
    """What a checkpoint as it is served says, once its signature is verified. Raises Unproven."""
    if not isinstance(told, Mapping) or frozenset(told) != CHECKPOINT_MEMBERS or not isinstance(told["note"], str):
        raise Unproven(
            "a checkpoint has a tree_size, a root_hash, a signature, a public_key and a note, and nothing else"
        )
    try:
        checkpoint, signature = opened(told["note"], key.raw, key.check)
    except ValueError as error:
        raise Unproven(str(error)) from None
    said = (told["tree_size"], told["root_hash"], told["signature"], told["public_key"])
    if said != (checkpoint.size, checkpoint.root.hex(), signature.hex(), key.pem) or told["tree_size"] is True:
        raise Unproven("the checkpoint's members do not say what its signed note says")
    return checkpoint


def check_extends(proven: Proven, held: Checkpoint) -> None:
    """Raises Unproven unless the bundle's tree begins with the one that `held` is of."""
    if held.origin != proven.checkpoint.origin:
        raise Unproven("the held checkpoint is of another tree")
    if held.size > proven.checkpoint.size:
        raise Unproven(
            f"the held checkpoint has {held.size} leaves and the bundle's tree {proven.checkpoint.size}: it was rolled back"
        )
    known = proven.root_at(held.size)
    if known is None:
        raise Unproven(
            f"the bundle cannot be compared with the held checkpoint of {held.size} leaves: export from the beginning"
        )
    if known != held.root:
        raise Unproven(f"at {held.size} leaves the tree was another than the held checkpoint says: it was forked")


def check_not_forked(one: Proven, other: Proven) -> None:
    """Raises Unproven when two bundles of one tree say two things about it, as far as what is in them can tell."""
    if one.checkpoint.origin != other.checkpoint.origin:
        return
    for this, that in ((one, other), (other, one)):
        known = this.root_at(that.checkpoint.size) if that.checkpoint.size <= this.checkpoint.size else None
        if known is not None and known != that.checkpoint.root:
            raise Unproven("another bundle of this tree proves another history: the tree was forked")


def _proofs(told: Any) -> tuple[int, list[bytes]]:
    if not isinstance(told, Mapping) or frozenset(told) != {"first_index", "hashes"}:
        raise Unproven("the proofs have a first_index and hashes, and nothing else")
    first, hashes = told["first_index"], told["hashes"]
    if type(first) is not int or first < 0 or not isinstance(hashes, list):
        raise Unproven("the proofs have a first_index that is no place in a tree")
    try:
        read = [bytes.fromhex(text) for text in hashes]
    except (TypeError, ValueError):
        raise Unproven("a hash of the proofs is not hexadecimal") from None
    if [one.hex() for one in read] != hashes:
        raise Unproven("a hash of the proofs is not written as it was served")
    return first, read


def _leaves(entries: Any, first: int, origin: str) -> tuple[bytes, ...]:
    if not isinstance(entries, list):
        raise Unproven("the entries are not a list")
    return tuple(_leaf(entry, index, origin) for index, entry in enumerate(entries, first))


def _leaf(entry: Any, index: int, origin: str) -> bytes:
    if not isinstance(entry, Mapping) or origin.rpartition("/")[2] != entry.get("tenant"):
        raise Unproven(f"entry {index} is not one of this tenant's")
    try:
        return leaf_of(entry)
    except (ValueError, TypeError, RecursionError):
        raise Unproven(f"entry {index} has something in it that no entry has") from None


def _check_range(checkpoint: Checkpoint, first: int, last: int) -> tuple[str, ...]:
    """The lines behind the one about the range."""
    if not checkpoint.lines or not checkpoint.lines[0].startswith(f"export {first} {last} "):
        raise Unproven("the signed range is another than that of these entries: some are missing or too many")
    return checkpoint.lines[1:]


def _check_actors(actors: Any, entries: Sequence[Mapping[str, Any]], lines: Sequence[str]) -> None:
    if not isinstance(actors, Mapping) or not all(map(_is_named, actors.items())):
        raise Unproven("a name of the actors is not the one that its pseudonym was made of")
    if len(lines) != _FURTHER or lines[0] != actors_line(actors) or not lines[1].startswith(_ASKED):
        raise Unproven("the actors are others than those that were signed")
    if not actors.keys() <= {_actor(entry) for entry in entries}:
        raise Unproven("an actor is in none of the entries")


def _is_named(told: tuple[Any, Any]) -> bool:
    pseudonym, named = told
    if not isinstance(named, Mapping) or frozenset(named) != {"name", "key"}:
        return False
    if not isinstance(named["name"], str) or not isinstance(named["key"], str):
        return False
    try:
        return bool(Subject(named["name"], named["key"]).pseudonym == pseudonym)
    except UnicodeEncodeError:
        return False


def _actor(entry: Mapping[str, Any]) -> str | None:
    actor = entry.get("actor")
    return actor["id"] if isinstance(actor, Mapping) and isinstance(actor.get("id"), str) else None
