"""What a person asks who knows a part of a name: where it is, in all namespaces and environments, as far as they may see."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from llm_config.operations import pages
from llm_config_domain.names import TenantId
from tests.support.families import HomeUnderTest
from tests.support.homes import Reply
from tests.support.searching import bring_names
from tests.support.sweeping import home_of

SEARCH = "/api/v1/search"
VALUE = {"canary": "sk-canary"}


@pytest.fixture(params=["sqlite", "dynamodb"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[HomeUnderTest]:
    with home_of(request.param, tmp_path) as home:
        yield home


@pytest.fixture
def acme(home: HomeUnderTest) -> TenantId:
    tenant = home.tenant("acme")
    for kind, path, environment in (
        ("configs", "vectors/pinecone", "production"),
        ("configs", "vectors/pinecone", "development"),
        ("configs", "team/eu/pinecone-limits", "production"),
        ("configs", "team/weaviate", "production"),
        ("secrets", "keys/pinecone", "production"),
        ("secrets", "vectors/pinecone", "development"),
    ):
        put(home, tenant, kind, path, environment, tags={"owner": path.partition("/")[0], "reviewed": ""})
    bring_names(home)
    return tenant


def put(home: HomeUnderTest, tenant: TenantId, kind: str, path: str, environment: str, **more: Any) -> None:
    body = {"value": VALUE, **({"type": "generic"} if kind == "secrets" else {}), **more}
    url = f"/api/v1/{kind}/{path}?environment={environment}"
    assert home.kit.call("PUT", url, body, token=home.kit.token(tenant, "tenant-admin")).status < 300


def ask(home: HomeUnderTest, tenant: TenantId, query: str, *roles: str, **attributes: str) -> Reply:
    token = home.kit.token(tenant, *(roles or ("tenant-admin",)), attributes=attributes)
    return home.kit.call("GET", f"{SEARCH}?{query}", token=token)


def told(reply: Reply) -> list[str]:
    assert reply.status == 200, reply.text
    return [f"{item['kind']} {item['path']}@{item['environment']}" for item in reply.json["items"]]


EVERYTHING = [
    "secret keys/pinecone@production",
    "config team/eu/pinecone-limits@production",
    "config vectors/pinecone@development",
    "secret vectors/pinecone@development",
    "config vectors/pinecone@production",
]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("q=pinecone", EVERYTHING, id="everything"),
        pytest.param("q=limits eu", EVERYTHING[1:2], id="several words"),
        pytest.param("q=pinecone&kind=secret", [EVERYTHING[0], EVERYTHING[3]], id="a kind"),
        pytest.param("q=pinecone&environment=dev", EVERYTHING[2:4], id="an environment, by its alias"),
        pytest.param("q=pinecone&namespace=team/*", EVERYTHING[1:2], id="what is below a namespace"),
        pytest.param("q=pinecone&namespace=vectors", EVERYTHING[2:], id="one namespace"),
        pytest.param("q=pinecone&tag=reviewed", EVERYTHING, id="a tag"),
        pytest.param("q=pinecone&tag=owner:keys", EVERYTHING[:1], id="a tag and its value"),
        pytest.param("q=pinecone&tag=owner:nobody", [], id="a tag of another value"),
        pytest.param("q=nowhere", [], id="nothing"),
    ],
)
def test_it_is_found_wherever_it_stands(home: HomeUnderTest, acme: TenantId, query: str, expected: list[str]) -> None:
    assert told(ask(home, acme, query)) == expected


@pytest.mark.parametrize(
    ("roles", "attributes", "expected"),
    [
        pytest.param(("viewer",), {}, EVERYTHING, id="a viewer sees that secrets exist"),
        pytest.param(("developer",), {}, EVERYTHING[2:4], id="a developer what is for developers"),
        pytest.param(("service-account",), {"namespaces": "keys"}, EVERYTHING[:1], id="a service what it reaches"),
        pytest.param(("service-account",), {"namespaces": "team/*,keys"}, EVERYTHING[:2], id="and what is below that"),
    ],
)
def test_each_thing_shows_to_whom_its_own_listing_would_show_it(
    home: HomeUnderTest, acme: TenantId, roles: tuple[str, ...], attributes: dict[str, str], expected: list[str]
) -> None:
    assert told(ask(home, acme, "q=pinecone", *roles, **attributes)) == expected


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6])
def test_pages_of_any_size_are_the_whole_in_its_order(home: HomeUnderTest, acme: TenantId, limit: int) -> None:
    found, cursor = [], ""
    while cursor is not None:
        reply = ask(home, acme, f"q=pinecone&limit={limit}{cursor and f'&cursor={cursor}'}")
        found += told(reply)
        assert len(told(reply)) == limit or reply.json["next_cursor"] is None
        cursor = reply.json["next_cursor"]
    assert found == EVERYTHING


def test_a_page_in_which_little_may_be_shown_ends_early_and_goes_on(
    home: HomeUnderTest, acme: TenantId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MAX_LOOKED_AT", 2)
    first = ask(home, acme, "q=pinecone", "developer")
    assert told(first) == [] and first.json["next_cursor"]
    second = ask(home, acme, f"q=pinecone&cursor={first.json['next_cursor']}", "developer")
    assert told(second) == EVERYTHING[2:4]


def test_a_cursor_is_of_its_query_and_its_tenant(home: HomeUnderTest, acme: TenantId) -> None:
    cursor = ask(home, acme, "q=pinecone&limit=1").json["next_cursor"]
    other = ask(home, acme, f"q=pine&limit=1&cursor={cursor}")
    assert (other.status, other.json["kind"]) == (400, "cursor_invalid")
    foreign = ask(home, home.tenant("acme-corp"), f"q=pinecone&limit=1&cursor={cursor}")
    assert (foreign.status, foreign.json["kind"]) == (400, "cursor_invalid")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=",
        "q=a",
        "q=%20%20",
        "q=Pinecone",
        "q=pine*",
        f"q={'x' * 129}",
        "q=pinecone&kind=configs",
        "q=pine&limit=0",
    ],
)
def test_what_cannot_be_meant_is_refused(home: HomeUnderTest, acme: TenantId, query: str) -> None:
    reply = ask(home, acme, query)
    assert (reply.status, reply.json["kind"]) == (400, "malformed")


def test_an_answer_says_nothing_of_values_and_of_nobody(home: HomeUnderTest, acme: TenantId) -> None:
    reply = ask(home, acme, "q=pinecone")
    assert "canary" not in reply.text and "user:" not in reply.text
    assert reply.json["items"][0] | {"created_at": "", "updated_at": ""} == {
        "kind": "secret",
        "path": "keys/pinecone",
        "namespace": "keys",
        "key": "pinecone",
        "environment": "production",
        "version": 1,
        "revision": 1,
        "type": "generic",
        "stage": "current",
        "classification": "confidential",
        "tags": {"owner": "keys", "reviewed": ""},
        "created_at": "",
        "updated_at": "",
        "expires_at": None,
    }


def test_a_credential_of_a_tenant_that_is_not_active_is_worth_nothing(home: HomeUnderTest, acme: TenantId) -> None:
    home.suspend(acme)
    assert ask(home, acme, "q=pinecone").status == 401


def test_that_somebody_searched_is_on_record_and_not_for_what(tmp_path: Path) -> None:
    with home_of("sqlite", tmp_path) as home:
        acme = home.tenant("acme")
        put(home, acme, "configs", "vectors/pinecone", "production")
        ask(home, acme, "q=pinecone&namespace=vectors")
        (entry,) = [one for one in home.accesses(acme) if one.event_type == "name.searched"]
    assert (entry.action, entry.resource.id, entry.metadata["items"]) == ("namespaces:list", "vectors", 1)
    assert "pinecone" not in str(entry.metadata)
