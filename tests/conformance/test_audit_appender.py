"""`audit_appender`: each entry becomes one leaf, in order; what comes twice does nothing; writers at once never fork."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from llm_config_domain.audit import tree
from llm_config_domain.audit.entries import text_of
from llm_config_domain.audit.tree import Frontier, leaf_hash
from llm_config_domain.names import TenantId
from tests.support.entries import numbered
from tests.support.families import HomeUnderTest


def trees(home: HomeUnderTest, tenant: TenantId) -> tuple[int, bytes]:
    """(size, root) as the reader has them, beside what a tenant's own creation recorded."""
    reader = home.provide("audit_reader")
    size = reader.caught_up(tenant)
    return size, tree.root(size, reader.nodes(tenant, tree.needed(lambda look: tree.root(size, look))).__getitem__)


def grown(home: HomeUnderTest, tenant: TenantId) -> list[str]:
    """The ids of all leaves, once their texts were seen to make the root."""
    reader, (size, root) = home.provide("audit_reader"), trees(home, tenant)
    leaves = reader.leaves(tenant, 0, size)
    assert Frontier().extended(leaf_hash(leaf.text.encode()) for leaf in leaves).root == root
    return [leaf.record["id"] for leaf in leaves]


def test_entries_become_leaves_in_the_order_given(home: HomeUnderTest, acme: TenantId) -> None:
    made = [numbered(acme, number) for number in (3, 1, 2)]
    home.provide("audit_appender").append(made)
    ids = grown(home, acme)
    assert [one for one in ids if one in {entry.id for entry in made}] == [entry.id for entry in made]
    found = home.provide("audit_reader").leaf(acme, made[1].id)
    assert found.text == text_of(replace(made[1], actor=replace(made[1].actor, id=found.record["actor"]["id"])))


def test_what_comes_twice_does_nothing(home: HomeUnderTest, acme: TenantId) -> None:
    appender, made = home.provide("audit_appender"), [numbered(acme, number) for number in range(5)]
    appender.append(made)
    before = trees(home, acme)
    appender.append(made[2:])
    appender.append([*made, *made])
    appender.append([])
    assert trees(home, acme) == before
    appender.append([*made, numbered(acme, 5), numbered(acme, 5)])
    assert grown(home, acme)[-1] == numbered(acme, 5).id and trees(home, acme)[0] == before[0] + 1


def test_each_tenant_has_a_tree_of_its_own(home: HomeUnderTest, acme: TenantId) -> None:
    globex = home.tenant("globex")
    home.provide("audit_appender").append([numbered(acme, 1), numbered(globex, 2), numbered(acme, 3)])
    assert numbered(globex, 2).id not in grown(home, acme)
    assert not {numbered(acme, 1).id, numbered(acme, 3).id} & set(grown(home, globex))


@pytest.mark.parametrize(
    ("writers", "each"), [(4, 40), pytest.param(8, 500, marks=pytest.mark.deep)], ids=["4 of 40", "8 of 500"]
)
def test_writers_at_once_never_fork_the_tree(home: HomeUnderTest, acme: TenantId, writers: int, each: int) -> None:
    """Each appends its own entries, by fours, and beside them one that all the others append too."""
    appender = home.provide("audit_appender")
    others = trees(home, acme)[0]

    def write(writer: int) -> None:
        for first in range(0, each, 4):
            appender.append([numbered(acme, each * writer + first + n) for n in range(4)])
            appender.append([numbered(acme, first)])

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(write, range(writers)))
    ids = grown(home, acme)[others:]
    assert sorted(ids) == sorted(numbered(acme, number).id for number in range(each * writers))
