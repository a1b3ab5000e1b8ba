"""The Merkle tree of RFC 6962 section 2.1 (again in RFC 9162 section 2.1) over SHA-256: roots and proofs.

Hashes are 32 bytes. A node (level, index) is the root of the whole subtree over the leaves from `index << level` up to,
and not including, `(index + 1) << level`; once its leaves are there it never changes. What is not whole is computed.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")
Node = tuple[int, int]
Lookup = Callable[[Node], bytes]
"""The hash of a node that is whole."""
EMPTY_ROOT = sha256(b"").digest()
HASH_BYTES = sha256().digest_size


def leaf_hash(leaf: bytes) -> bytes:
    """RFC 6962 section 2.1: a leaf is hashed under 0x00, so that no leaf can pass for a node."""
    return sha256(b"\0" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """All that an append needs to know of a tree: how many leaves it has, and the roots of the whole subtrees that they
    make, the largest first."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    @classmethod
    def unpacked(cls, size: int, packed: bytes) -> "Frontier":
        """What a store keeps of it: see `packed`."""
        return cls(size, tuple(packed[at : at + HASH_BYTES] for at in range(0, len(packed), HASH_BYTES)))

    @property
    def packed(self) -> bytes:
        """The peaks, one behind the other."""
        return b"".join(self.peaks)

    @property
    def root(self) -> bytes:
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root

    def appended(self, leaf: bytes) -> tuple["Frontier", list[tuple[Node, bytes]]]:
        """The tree with one more leaf (its hash), and the nodes that are whole now."""
        peaks, level, index = list(self.peaks), 0, self.size
        made = [((0, index), leaf)]
        while index & 1:
            leaf = node_hash(peaks.pop(), leaf)
            level, index = level + 1, index >> 1
            made.append(((level, index), leaf))
        return Frontier(self.size + 1, (*peaks, leaf)), made

    def extended(self, leaves: Iterable[bytes]) -> "Frontier":
        grown = self
        for leaf in leaves:
            grown, _ = grown.appended(leaf)
        return grown


def frontier(size: int, lookup: Lookup) -> Frontier:
    """That of the first `size` leaves."""
    return Frontier(size, tuple(lookup(node) for node in _whole(0, size)))


def root(size: int, lookup: Lookup) -> bytes:
    return frontier(size, lookup).root


def inclusion(index: int, size: int, lookup: Lookup) -> list[bytes]:
    """The audit path of a leaf in the tree of the first `size` (RFC 6962 section 2.1.1), from the leaf up."""
    if not 0 <= index < size:
        raise ValueError("the tree has no such leaf")
    path, first, last = list[bytes](), 0, size
    while last - first > 1:
        middle = first + _split(last - first)
        here, there = ((first, middle), (middle, last)) if index < middle else ((middle, last), (first, middle))
        path.append(_hash_of(*there, lookup))
        first, last = here
    return path[::-1]


def consistency(old: int, new: int, lookup: Lookup) -> list[bytes]:
    """The proof that the first `old` leaves begin the tree of the first `new` (RFC 6962 section 2.1.2)."""
    if not 0 <= old <= new:
        raise ValueError("a tree extends one that is not larger")
    if old in (0, new):
        return []
    return _consistency(old, 0, new, lookup, known=True)


def _consistency(old: int, first: int, last: int, lookup: Lookup, *, known: bool) -> list[bytes]:
    if old == last:
        return [] if known else [_hash_of(first, last, lookup)]
    middle = first + _split(last - first)
    if old <= middle:
        return [*_consistency(old, first, middle, lookup, known=known), _hash_of(middle, last, lookup)]
    return [*_consistency(old, middle, last, lookup, known=False), _hash_of(first, middle, lookup)]


def range_proof(first: int, last: int, size: int, lookup: Lookup) -> list[bytes]:
    """What makes, with the leaves from `first` up to and not including `last`, the root of the first `size`: the hashes
    of the largest subtrees beside that range, from left to right. Those to its left are the peaks of `first` leaves."""
    if not 0 <= first <= last <= size:
        raise ValueError("the tree has no such range")
    return [_hash_of(*part, lookup) for part in _beside(first, last, 0, size)]


def root_of_range(first: int, leaves: Sequence[bytes], size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root that a range and its proof make; None for a proof of another length."""
    last = first + len(leaves)
    if not 0 <= first <= last <= size or len(proof) != len(list(_beside(first, last, 0, size))):
        return None
    given = iter(proof)

    def made(low: int, high: int) -> bytes:
        if high <= first or low >= last:
            return next(given)
        if high - low == 1:
            return leaves[low - first]
        middle = low + _split(high - low)
        return node_hash(made(low, middle), made(middle, high))

    return made(0, size) if size else EMPTY_ROOT


def includes(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Does `path` prove that `leaf` (its hash) stands at `index`? (RFC 9162 section 2.1.3.2)"""
    return 0 <= index < size and _climbed(index, size - 1, [leaf], path) == [root]


def extends(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Does `proof` prove that the tree of `new` leaves begins with that of `old`? (RFC 9162 section 2.1.4.2)"""
    if not 0 <= old <= new:
        return False
    if old in (0, new):
        return not proof and (old_root == new_root if old else old_root == EMPTY_ROOT)
    hashes = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    return bool(hashes) and _climbed(at, last, [hashes[0], hashes[0]], hashes[1:]) == [old_root, new_root]


def _climbed(at: int, last: int, made: list[bytes], path: Sequence[bytes]) -> list[bytes] | None:
    """The hashes at the root, of `made` at place `at` of a level whose last place is `last`; None for a path of another
    length. What joins from the left belongs to every tree, what joins from the right to the largest alone."""
    for sibling in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            made = [node_hash(sibling, one) for one in made]
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            made = [*made[:-1], node_hash(made[-1], sibling)]
        at, last = at >> 1, last >> 1
    return made if last == 0 else None


def needed(compute: Callable[[Lookup], T]) -> list[Node]:
    """The nodes that `compute` asks for, so that a store can fetch them together."""
    asked: dict[Node, None] = {}

    def note(node: Node) -> bytes:
        asked[node] = None
        return b""

    compute(note)
    return list(asked)


def _hash_of(first: int, last: int, lookup: Lookup) -> bytes:
    """Of the leaves of one subtree, whole or not."""
    return Frontier(last - first, tuple(lookup(node) for node in _whole(first, last))).root


def _whole(first: int, last: int) -> Iterator[Node]:
    """The largest whole subtrees that `first` (a multiple of every size that comes) up to `last` fall into, in order."""
    while first < last:
        level = (last - first).bit_length() - 1
        yield level, first >> level
        first += 1 << level


def _beside(first: int, last: int, low: int, high: int) -> Iterator[tuple[int, int]]:
    """The largest subtrees of [low, high) that hold nothing of [first, last), from left to right."""
    if low == high:
        return
    if high <= first or low >= last:
        yield low, high
    elif not (first <= low and high <= last):
        middle = low + _split(high - low)
        yield from _beside(first, last, low, middle)
        yield from _beside(first, last, middle, high)


def _split(size: int) -> int:
    """The largest power of two below `size` (RFC 6962 section 2.1)."""
    return 1 << (size - 1).bit_length() - 1
