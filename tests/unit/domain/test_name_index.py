"""What is looked for by its name: the words of a text, tags, and which names a change is about."""

from typing import Any

import pytest

from llm_config_domain.configs import entries as configs
from llm_config_domain.errors import Malformed
from llm_config_domain.name_index import MAX_TEXT, Indexed, IndexedMetadata, Kind, changed_in, is_tagged, words_of
from llm_config_domain.names import Name, TenantId
from llm_config_domain.policy import Resource
from llm_config_domain.secrets import entries as secrets
from llm_config_domain.secrets.entries import SecretType
from llm_config_domain.secrets.values import Sealed
from tests.support.entries import numbered

ACME, GLOBEX = TenantId("01M7XB2CPDX901Z538HPJ3CH8Z"), TenantId("01M7XB2CPDX901Z538HPJ3CH90")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("pinecone", ("pinecone",), id="one word"),
        pytest.param("team/pine cone_1.x", ("team/pine", "cone_1.x"), id="several, of all that names are made of"),
        pytest.param("  b  a b ", ("b", "a"), id="each once, in their order"),
        pytest.param("x" * MAX_TEXT, ("x" * MAX_TEXT,), id="the longest"),
        pytest.param("a ", ("a",), id="the shortest"),
    ],
)
def test_a_text_is_its_words(text: str, words: tuple[str, ...]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    "text", ["", "a", "  ", "x" * (MAX_TEXT + 1), "Pinecone", "a\tb", "a\x00b", "a%", "ä-b", "a\n"]
)
def test_a_text_that_no_name_could_hold_is_refused_and_not_quoted(text: str) -> None:
    with pytest.raises(Malformed, match="2 to 128 characters of a-z, 0-9") as refused:
        words_of(text)
    assert "inecone" not in str(refused.value)


@pytest.mark.parametrize(
    ("asked", "has"),
    [
        pytest.param("team", True, id="its name"),
        pytest.param("team:search", True, id="name and value"),
        pytest.param("team:", False, id="another value"),
        pytest.param("team:search:eu", False, id="more than its value"),
        pytest.param("url:http", True, id="a name that holds a colon"),
        pytest.param("search", False, id="a value alone"),
        pytest.param("owner:search", False, id="another name"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_a_tag_is_asked_for_by_its_name_or_by_both(asked: str, has: bool) -> None:
    assert is_tagged({"team": "search", "url:http": "x"}, asked) is has


def test_changes_name_what_they_are_about_once_and_by_tenant() -> None:
    told = [
        numbered(ACME, 1, resource=Resource("configs", "app/deep/database", "production")),
        numbered(ACME, 2, resource=Resource("secrets", "app/deep/database", "production")),
        numbered(GLOBEX, 3, resource=Resource("configs", "app/deep/database", "production")),
        numbered(ACME, 4, resource=Resource("configs", "app/deep/database", "production")),
        numbered(ACME, 5, resource=Resource("namespaces", "app/deep")),
        numbered(ACME, 6, resource=Resource("configs", "app/*")),
    ]
    own, foreign = (Name(tenant, "app/deep", "database", "production") for tenant in (ACME, GLOBEX))
    assert changed_in(told) == {
        ACME: [Indexed(own, Kind.CONFIG), Indexed(own, Kind.SECRET)],
        GLOBEX: [Indexed(foreign, Kind.CONFIG)],
    }
    assert changed_in([]) == {}


def test_metadata_come_back_from_their_record_and_know_their_place() -> None:
    indexed = Indexed(Name(ACME, "app/deep", "database", "production"), Kind.SECRET)
    told = IndexedMetadata(
        indexed=indexed,
        version=3,
        revision=17,
        type="generic",
        stage="current",
        classification="internal",
        tags={"team": "search"},
        created_at="2026-01-01T00:00:00.000Z",
        updated_at="2026-01-02T00:00:00.000Z",
    )
    record = told.to_record()
    assert "indexed" not in record and record["expires_at"] is None
    assert IndexedMetadata.from_record(indexed, record) == told
    assert told.place == ("app/deep", "database", "production", "secret")
    assert [kind.resources for kind in Kind] == ["configs", "secrets"]


def test_of_a_config_and_of_a_secret_everything_is_shown_but_the_value() -> None:
    name = Name(ACME, "app/deep", "database", "production")
    at, tags = "2026-01-02T03:04:05.678Z", {"team": "search"}
    shared: dict[str, Any] = {
        "version": 1,
        "revision": 7,
        "classification": "internal",
        "tags": tags,
        "created_at": at,
        "updated_at": at,
    }
    draft = configs.ConfigDraft(value='{"a":1}', author="user:a", new_id="id-1", tags=tags)
    config = configs.next_version(name, None, draft, revision=7, at=at)
    assert IndexedMetadata.of_config(config) == IndexedMetadata(indexed=Indexed(name, Kind.CONFIG), **shared)
    expiring = secrets.SecretDraft(
        author="user:a", new_id="id-1", type=SecretType.API_KEY, version_id="v-1", tags=tags, expires_at="2027-01-01"
    )
    secret = secrets.next_version(name, secrets.NO_HEAD, None, expiring, Sealed(b"sealed"), revision=7, at=at)
    assert IndexedMetadata.of_secret(secret) == IndexedMetadata(
        indexed=Indexed(name, Kind.SECRET),
        **{**shared, "classification": secret.classification},
        type="api_key",
        stage="current",
        expires_at="2027-01-01",
    )
