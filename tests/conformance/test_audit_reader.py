"""`audit_reader`: what a tenant's tree holds, all that was acknowledged in it, and nothing of another's."""

from dataclasses import replace
from typing import Any

import pytest

from llm_config_domain import times
from llm_config_domain.audit import tree
from llm_config_domain.audit.entries import AuditQuery
from llm_config_domain.errors import Broken, NotFound
from llm_config_domain.journal import Actor
from llm_config_domain.names import TenantId
from llm_config_domain.policy import Resource
from tests.support.entries import numbered
from tests.support.families import HomeUnderTest

ALWAYS = AuditQuery("2000-01-01T00:00:00.000Z", "2100-01-01T00:00:00.000Z")


def test_what_was_recorded_is_in_the_tree_once_it_has_caught_up(home: HomeUnderTest, acme: TenantId) -> None:
    reader = home.provide("audit_reader")
    size = reader.caught_up(acme)
    assert [leaf.record["event_type"] for leaf in reader.leaves(acme, 0, size)] == ["tenant.created"]
    home.provide("journal").append([numbered(acme, 1, at=times.rfc3339(home.clock.now()))])
    assert reader.caught_up(acme) == size + 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param(ALWAYS, [5, 4, 3, 2, 1], id="all, newest first"),
        pytest.param(replace(ALWAYS, begin="2026-11-01T10:00:02.000Z"), [5, 4, 3, 2], id="from a time on"),
        pytest.param(replace(ALWAYS, end="2026-11-01T10:00:02.000Z"), [1], id="before a time"),
        pytest.param(replace(ALWAYS, event_type="config.deleted"), [4], id="of a type"),
        pytest.param(replace(ALWAYS, actor="user:eve"), [3], id="of an actor"),
        pytest.param(replace(ALWAYS, namespace="team"), [2], id="of a namespace"),
        pytest.param(replace(ALWAYS, namespace="team/*"), [5], id="below a namespace"),
        pytest.param(replace(ALWAYS, namespace="*"), [5, 4, 3, 2, 1], id="of any namespace"),
        pytest.param(replace(ALWAYS, namespace="tea"), [], id="of one with a longer name"),
        pytest.param(replace(ALWAYS, actor="user:eve", event_type="config.deleted"), [], id="of both"),
    ],
)
def test_a_query_finds_what_it_asks_for(
    home: HomeUnderTest, acme: TenantId, query: AuditQuery, found: list[int]
) -> None:
    told: dict[int, dict[str, Any]] = {
        2: {"resource": Resource("secrets", "team/key", "edge")},
        3: {"actor": Actor("user:eve", "user", ())},
        4: {"event_type": "config.deleted"},
        5: {"resource": Resource("configs", "team/core/key", "edge")},
    }
    made = {number: numbered(acme, number, **told.get(number, {})) for number in range(1, 6)}
    home.provide("audit_appender").append(list(made.values()))
    ids = {entry.id: number for number, entry in made.items()}
    seen = home.provide("audit_reader").find(acme, query, 10**6, 100)
    assert [ids[leaf.record["id"]] for leaf in seen if leaf.record["id"] in ids] == found
    first = home.provide("audit_reader").find(acme, query, 10**6, 1)
    assert list(first) == list(seen[:1])
    if seen:
        assert list(home.provide("audit_reader").find(acme, query, seen[0].index, 100)) == list(seen[1:])


def test_a_leaf_is_found_by_its_id_by_its_tenant_alone(home: HomeUnderTest, acme: TenantId) -> None:
    globex, reader = home.tenant("globex"), home.provide("audit_reader")
    home.provide("audit_appender").append([numbered(acme, 1)])
    assert reader.leaf(acme, numbered(acme, 1).id).record["tenant"] == acme
    for tenant, entry_id in ((globex, numbered(acme, 1).id), (acme, "01M7XB2CPDX901Z538H9999999")):
        with pytest.raises(NotFound):
            reader.leaf(tenant, entry_id)


def test_a_span_is_the_smallest_range_that_holds_a_time(home: HomeUnderTest, acme: TenantId) -> None:
    reader, appender = home.provide("audit_reader"), home.provide("audit_appender")
    first = reader.caught_up(acme)
    appender.append([numbered(acme, number) for number in (1, 2, 5, 3, 4, 6)])
    at = [f"2026-11-01T10:00:0{number}.000Z" for number in range(10)]
    size = first + 6
    assert reader.span(acme, at[2], at[5], size) == (first + 1, first + 5)
    assert reader.span(acme, at[1], at[2], size) == (first, first + 1)
    assert reader.span(acme, at[8], at[9], size) == (size, size)
    assert reader.span(acme, at[1], at[9], first + 2) == (first, first + 2)


def test_what_the_tree_has_not_is_broken(home: HomeUnderTest, acme: TenantId) -> None:
    reader = home.provide("audit_reader")
    size = reader.caught_up(acme)
    with pytest.raises(Broken):
        reader.nodes(acme, [(0, size)])
    with pytest.raises(Broken):
        reader.leaves(acme, 0, size + 1)
    assert reader.nodes(acme, []) == {} and list(reader.leaves(acme, 0, 0)) == []


def test_a_tenant_without_records_has_an_empty_tree(home: HomeUnderTest, acme: TenantId) -> None:
    assert home.provide("audit_reader").caught_up(TenantId("01M7XB2CPDX901Z538HPJ3CH8Z")) == 0


def test_nodes_of_a_proof_come_together(home: HomeUnderTest, acme: TenantId) -> None:
    reader = home.provide("audit_reader")
    home.provide("audit_appender").append([numbered(acme, number) for number in range(30)])
    size = reader.caught_up(acme)
    asked = tree.needed(lambda look: tree.inclusion(7, size, look))
    nodes = reader.nodes(acme, asked)
    assert set(nodes) == set(asked)
    path, leaf = tree.inclusion(7, size, nodes.__getitem__), reader.leaves(acme, 7, 8)[0]
    wanted = tree.needed(lambda look: tree.root(size, look))
    assert tree.includes(leaf.hash, 7, size, path, tree.root(size, reader.nodes(acme, wanted).__getitem__))
