"""The tree against RFC 6962: its definitions written down once more, and the roots that its reference code publishes."""

from collections.abc import Callable, Sequence
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_config_domain.audit import tree
from llm_config_domain.audit.tree import Frontier, Lookup, Node, leaf_hash, node_hash

PUBLISHED_LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
PUBLISHED_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""Of certificate-transparency's own tests: the roots of the first 0 to 8 leaves."""
SIZES = st.integers(1, 130)


def leaves_of(size: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(size)]


def grown(leaves: Sequence[bytes]) -> tuple[Frontier, Lookup]:
    nodes: dict[Node, bytes] = {}
    frontier = Frontier()
    for leaf in leaves:
        frontier, made = frontier.appended(leaf)
        assert not nodes.keys() & dict(made).keys(), "a node is made once"
        nodes.update(made)
    return frontier, nodes.__getitem__


def defined_root(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, word by word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + defined_root(leaves[:split]) + defined_root(leaves[split:])).digest()


def defined_path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH of RFC 6962 section 2.1.1, word by word."""
    if len(leaves) == 1:
        return []
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if index < split:
        return [*defined_path(index, leaves[:split]), defined_root(leaves[split:])]
    return [*defined_path(index - split, leaves[split:]), defined_root(leaves[:split])]


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots_are_made(size: int) -> None:
    leaves = [leaf_hash(bytes.fromhex(text)) for text in PUBLISHED_LEAVES[:size]]
    assert grown(leaves)[0].root.hex() == PUBLISHED_ROOTS[size]


@given(SIZES, st.data())
def test_the_root_at_every_size_is_the_defined_one(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    frontier, lookup = grown(leaves)
    earlier = data.draw(st.integers(0, size))
    assert frontier.root == defined_root(leaves)
    assert Frontier.unpacked(size, frontier.packed) == frontier
    assert tree.root(earlier, lookup) == defined_root(leaves[:earlier])
    assert tree.frontier(earlier, lookup).extended(leaves[earlier:]) == frontier


@given(SIZES, st.data())
def test_a_path_is_the_defined_one_and_proves_its_leaf_alone(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    frontier, lookup = grown(leaves)
    index = data.draw(st.integers(0, size - 1))
    path = tree.inclusion(index, size, lookup)
    assert path == defined_path(index, leaves)
    assert tree.includes(leaves[index], index, size, path, frontier.root)
    other = data.draw(st.integers(0, size - 1).filter(lambda number: number != index)) if size > 1 else size
    assert not tree.includes(leaves[index], other, size, path, frontier.root)
    assert not tree.includes(leaf_hash(b"another"), index, size, path, frontier.root)
    assert not tree.includes(leaves[index], index, size, [*path, frontier.root], frontier.root)
    assert not path or not tree.includes(leaves[index], index, size, path[:-1], frontier.root)


@given(SIZES, st.data())
def test_a_consistency_proof_holds_for_its_two_roots_alone(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    frontier, lookup = grown(leaves)
    old = data.draw(st.integers(1, size))
    before, proof = tree.root(old, lookup), tree.consistency(old, size, lookup)
    assert tree.extends(old, size, before, frontier.root, proof)
    assert not tree.extends(old, size, leaf_hash(b"another"), frontier.root, proof)
    assert not tree.extends(old, size, before, leaf_hash(b"another"), proof)
    assert not tree.extends(old, size, before, frontier.root, [*proof, before])
    if proof:
        assert not tree.extends(old, size, before, frontier.root, proof[:-1])
        assert not tree.extends(old, size, before, frontier.root, [])


def test_every_tree_extends_the_empty_one_and_itself() -> None:
    frontier, lookup = grown(leaves_of(5))
    assert tree.consistency(0, 5, lookup) == tree.consistency(5, 5, lookup) == []
    assert tree.extends(0, 5, tree.EMPTY_ROOT, frontier.root, [])
    assert tree.extends(5, 5, frontier.root, frontier.root, [])
    assert not tree.extends(0, 5, frontier.root, frontier.root, [])
    assert not tree.extends(5, 5, frontier.root, tree.EMPTY_ROOT, [])
    assert not tree.extends(6, 5, frontier.root, frontier.root, [])


@given(SIZES, st.data())
def test_a_range_and_its_proof_make_the_root_and_the_left_of_it_are_the_peaks(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    frontier, lookup = grown(leaves)
    first = data.draw(st.integers(0, size))
    last = data.draw(st.integers(first, size))
    proof = tree.range_proof(first, last, size, lookup)
    assert tree.root_of_range(first, leaves[first:last], size, proof) == frontier.root
    assert tree.root_of_range(first, leaves[first:last], size, [*proof, frontier.root]) is None
    if first < size:
        assert tuple(proof[: first.bit_count()]) == tree.frontier(first, lookup).peaks


def test_what_the_tree_has_not_is_refused() -> None:
    _, lookup = grown(leaves_of(3))
    asks: list[tuple[Callable[..., object], tuple[int, ...]]] = [
        (tree.inclusion, (3, 3)),
        (tree.inclusion, (-1, 3)),
        (tree.consistency, (4, 3)),
        (tree.range_proof, (2, 1, 3)),
        (tree.range_proof, (0, 4, 3)),
    ]
    for ask, told in asks:
        with pytest.raises(ValueError, match="tree"):
            ask(*told, lookup)
    assert tree.root_of_range(2, leaves_of(2), 3, []) is None
    assert not tree.includes(leaves_of(1)[0], 3, 3, [], tree.EMPTY_ROOT)


def test_an_empty_tree_has_an_empty_range() -> None:
    assert tree.range_proof(0, 0, 0, lambda _: b"") == []
    assert tree.root_of_range(0, [], 0, []) == tree.EMPTY_ROOT


@given(SIZES, st.data())
def test_the_nodes_of_a_proof_are_known_before_they_are_fetched(size: int, data: st.DataObject) -> None:
    _, lookup = grown(leaves_of(size))
    index = data.draw(st.integers(0, size - 1))
    asked = tree.needed(lambda look: tree.inclusion(index, size, look))
    some = {node: lookup(node) for node in asked}
    assert tree.inclusion(index, size, some.__getitem__) == tree.inclusion(index, size, lookup)
    assert len(asked) <= 2 * size.bit_length()


def test_a_proof_in_a_million_entries_has_twenty_hashes() -> None:
    path = tree.inclusion(7, 2**20, lambda _: b"h" * 32)
    assert sum(map(len, path)) == 640


def test_a_leaf_cannot_pass_for_a_node() -> None:
    left, right = leaves_of(2)
    assert leaf_hash(left + right) != node_hash(left, right)
