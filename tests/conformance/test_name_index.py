"""ports/name_index.py, promise by promise."""

import pytest

from llm_config_domain.configs.changes import Deletion
from llm_config_domain.name_index import Kind, NameQuery
from llm_config_domain.names import TenantId
from llm_config_domain.secrets.lifecycle import Deletion as SecretDeletion
from tests.support.families import HomeUnderTest
from tests.support.samples import change_config, move_secret, name_of, put_config, put_secret
from tests.support.searching import bring_names, found, places

NOWHERE = TenantId("01M7XB2CPDX901Z538HPJ3CH8Z")


def furnish(home: HomeUnderTest, tenant: TenantId) -> None:
    put_config(home, name_of(tenant, "vectors/pinecone"))
    put_config(home, name_of(tenant, "vectors/pinecone", "staging"))
    put_config(home, name_of(tenant, "vectors/pinecone-index", "staging"))
    put_config(home, name_of(tenant, "pinecone/eu/limits"))
    put_config(home, name_of(tenant, "vectors/weaviate"))
    put_secret(home, name_of(tenant, "keys/pinecone"))
    put_secret(home, name_of(tenant, "vectors/pinecone", "staging"))
    bring_names(home)


def test_what_holds_the_text_in_its_path_is_told_in_the_order_of_names(home: HomeUnderTest, acme: TenantId) -> None:
    furnish(home, acme)
    assert places(found(home, acme, "pinecone")) == [
        "secret keys/pinecone production",
        "config pinecone/eu/limits production",
        "config vectors/pinecone production",
        "config vectors/pinecone staging",
        "secret vectors/pinecone staging",
        "config vectors/pinecone-index staging",
    ]
    assert places(found(home, acme, "s/pinecone-i")) == ["config vectors/pinecone-index staging"]


@pytest.mark.parametrize(
    ("words", "paths"),
    [
        pytest.param(("vect", "cone"), ["vectors/pinecone"] * 3 + ["vectors/pinecone-index"], id="both of two words"),
        pytest.param(("cone", "vect"), ["vectors/pinecone"] * 3 + ["vectors/pinecone-index"], id="in any order"),
        pytest.param(("pinecone", "weaviate"), [], id="one of two is not enough"),
        pytest.param(("pine%",), [], id="a percent sign is itself"),
        pytest.param(("pine_one",), [], id="an underscore is itself"),
        pytest.param(("\\",), [], id="a backslash is itself"),
        pytest.param(("Pinecone",), [], id="another case is another name"),
    ],
)
def test_a_word_is_looked_for_as_it_stands(
    home: HomeUnderTest, acme: TenantId, words: tuple[str, ...], paths: list[str]
) -> None:
    furnish(home, acme)
    assert [one.indexed.name.path for one in found(home, acme, *words)] == paths


def test_namespaces_environment_and_kind_narrow_it(home: HomeUnderTest, acme: TenantId) -> None:
    furnish(home, acme)
    assert len(found(home, acme, "pinecone", glob="vectors")) == 4
    assert places(found(home, acme, "pinecone", glob="pinecone/*")) == ["config pinecone/eu/limits production"]
    assert found(home, acme, "pinecone", glob="pinecone") == []
    assert len(found(home, acme, "pinecone", environment="staging")) == 3
    assert places(found(home, acme, "pinecone", kind=Kind.SECRET, environment="staging")) == [
        "secret vectors/pinecone staging"
    ]
    assert {one.indexed.kind for one in found(home, acme, "pinecone", kind=Kind.CONFIG)} == {Kind.CONFIG}


def test_a_search_goes_on_behind_any_place(home: HomeUnderTest, acme: TenantId) -> None:
    furnish(home, acme)
    index, query = home.provide("name_index"), NameQuery(("pinecone",))
    everything = found(home, acme, "pinecone")
    for number, entry in enumerate(everything, start=1):
        assert list(index.search(acme, query, entry.place, 1000)) == everything[number:]
        assert list(index.search(acme, query, entry.place, 1)) == everything[number : number + 1]
    assert list(index.search(acme, NameQuery(("pinecone",), "vectors"), everything[0].place, 1)) == everything[2:3]


def test_what_is_told_is_what_stands_and_nothing_of_a_value(home: HomeUnderTest, acme: TenantId) -> None:
    name = name_of(acme, "keys/pinecone")
    put_config(home, name, '"canary"', tags={"team": "search"}, classification="restricted")
    put_config(home, name, '"canary"', tags={"team": "späť"})
    first = put_secret(home, name, b'"canary"', expires_at="2030-01-01T00:00:00.000Z").version
    put_secret(home, name, b'"canary"', activate=False)
    bring_names(home)
    config, secret = found(home, acme, "pinecone")
    assert (config.version, config.revision, config.classification, config.tags) == (2, 2, "internal", {"team": "späť"})
    assert (config.type, config.stage, config.expires_at) == (None, None, None)
    assert (secret.version, secret.type, secret.stage) == (1, "generic", "current")
    assert (secret.expires_at, secret.updated_at) == ("2030-01-01T00:00:00.000Z", first.updated_at)
    assert config.created_at < config.updated_at
    assert "canary" not in repr((config, secret)) and "user:ana" not in repr((config, secret))


def test_what_is_deleted_does_not_show_until_it_is_there_again(home: HomeUnderTest, acme: TenantId) -> None:
    name = name_of(acme, "keys/pinecone")
    put_config(home, name)
    put_secret(home, name)
    bring_names(home)
    change_config(home, name, Deletion)
    move_secret(home, name, SecretDeletion())
    bring_names(home)
    assert found(home, acme, "pinecone") == []
    put_config(home, name)
    put_secret(home, name)
    bring_names(home)
    assert places(found(home, acme, "pinecone")) == [
        "config keys/pinecone production",
        "secret keys/pinecone production",
    ]


def test_a_tenant_finds_its_own_alone(home: HomeUnderTest, acme: TenantId) -> None:
    globex = home.tenant("acme-corp")
    furnish(home, acme)
    put_config(home, name_of(globex, "vectors/pinecone"))
    bring_names(home)
    assert places(found(home, globex, "pinecone")) == ["config vectors/pinecone production"]
    assert found(home, NOWHERE, "pinecone") == []


def test_it_knows_of_whatever_was_committed_before_the_time_that_it_tells(home: HomeUnderTest, acme: TenantId) -> None:
    put_config(home, name_of(acme, "vectors/pinecone"))
    bring_names(home)
    (entry,) = found(home, acme, "pinecone")
    as_of = home.provide("name_index").as_of(acme)
    assert as_of is not None and as_of > entry.updated_at


def test_that_time_moves_on_though_nothing_happens(home: HomeUnderTest, acme: TenantId) -> None:
    bring_names(home)
    before = home.provide("name_index").as_of(acme)
    bring_names(home)
    assert before < home.provide("name_index").as_of(acme)
