"""ports/name_projector.py, promise by promise."""

from llm_config_domain.configs.changes import Deletion
from llm_config_domain.name_index import Indexed, Kind
from llm_config_domain.names import Name, TenantId
from tests.support.families import HomeUnderTest
from tests.support.samples import change_config, name_of, put_config, put_secret
from tests.support.searching import bring_names, found, places


def both(name: Name) -> list[Indexed]:
    return [Indexed(name, kind) for kind in Kind]


def test_what_was_projected_is_told_as_it_stands(home: HomeUnderTest, acme: TenantId) -> None:
    name = name_of(acme, "keys/pinecone")
    put_config(home, name)
    put_secret(home, name)
    home.provide("name_projector").project(acme, both(name))
    assert places(found(home, acme, "pinecone")) == [
        "config keys/pinecone production",
        "secret keys/pinecone production",
    ]
    put_config(home, name, "2")
    home.provide("name_projector").project(acme, both(name))
    assert [one.version for one in found(home, acme, "pinecone")] == [2, 1]


def test_again_late_and_in_any_order_it_is_the_same(home: HomeUnderTest, acme: TenantId) -> None:
    projector, names = home.provide("name_projector"), [name_of(acme, f"keys/pinecone-{number}") for number in range(5)]
    for name in names:
        put_config(home, name)
    change_config(home, names[2], Deletion)
    changed = [one for name in names for one in both(name)]
    projector.project(acme, changed[::-1])
    projector.project(acme, changed)
    assert [one.indexed.name for one in found(home, acme, "pinecone")] == [*names[:2], *names[3:]]


def test_of_what_is_not_in_the_store_nothing_is_told(home: HomeUnderTest, acme: TenantId) -> None:
    put_config(home, name_of(acme, "keys/pinecone"))
    home.provide("name_projector").project(
        acme, [*both(name_of(acme, "keys/pinecone-2")), *both(name_of(acme, "a/pinecone"))]
    )
    home.provide("name_projector").project(acme, [])
    bring_names(home)
    assert places(found(home, acme, "pinecone")) == ["config keys/pinecone production"]


def test_a_hundred_of_a_tenant_that_is_not_active_are_projected(home: HomeUnderTest, acme: TenantId) -> None:
    names = [name_of(acme, f"keys/pinecone-{number:03}") for number in range(100)]
    for name in names:
        put_config(home, name)
    home.suspend(acme)
    home.provide("name_projector").project(acme, [Indexed(name, Kind.CONFIG) for name in names])
    assert [one.indexed.name for one in found(home, acme, "pinecone")] == names


def test_how_far_it_reached_is_kept_and_never_goes_back(home: HomeUnderTest, acme: TenantId) -> None:
    projector, index, globex = home.provide("name_projector"), home.provide("name_index"), home.tenant("globex")
    early, late = "2001-01-01T00:00:00.000Z", "2002-01-01T00:00:00.000Z"
    for at in (late, early, late):
        projector.reached(acme, at)
    assert index.as_of(acme) >= late
    assert index.as_of(globex) != late
