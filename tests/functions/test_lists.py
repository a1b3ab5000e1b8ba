"""Lists and their cursors: what is shown to whom, page by page."""

import hashlib
from typing import Any

import pytest

from llm_config.operations import pages
from llm_config_contract.configs import ListConfigsRequest, ListConfigVersionsRequest
from llm_config_domain import cursors
from llm_config_domain.names import TenantId
from tests.support.everyday import (
    CONFIGS,
    RESOLVED,
    fill,
    names,
    ok,
    put,
    recorded,
    refused,
    walked,
)
from tests.support.homes import EmbeddedKit


@pytest.fixture
def acme(home: EmbeddedKit) -> TenantId:
    return home.tenant("acme")


@pytest.fixture
def token(home: EmbeddedKit, acme: TenantId) -> str:
    return home.token(acme, "tenant-admin")


class TestLists:
    @pytest.mark.parametrize("limit", [1, 2, 3, 7, 8, 9])
    def test_pages_of_any_size_are_the_list_in_order_of_names(self, home: EmbeddedKit, token: str, limit: int) -> None:
        fill(home, token)
        found = walked(home, token, f"{CONFIGS}?limit={limit}")
        assert all(len(page["items"]) == limit for page in found[:-1])
        assert [name for page in found for name in names(page)] == [
            f"{path}@{environment}"
            for path in ("a/one", "a/two", "a/b/one", "c/one")
            for environment in ("development", "production")
        ]

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("namespace=a", ["a/one", "a/two"]),
            ("namespace=a/*", ["a/b/one"]),
            ("tag=owner:c", ["c/one"]),
            ("tag=owner:", []),
            ("tag=other:c", []),
            ("q=two", ["a/two"]),
            ("q=a/b", ["a/b/one"]),
            ("namespace=nowhere", []),
        ],
    )
    def test_a_list_shows_what_was_asked_for(
        self, home: EmbeddedKit, token: str, query: str, expected: list[str]
    ) -> None:
        fill(home, token)
        page = ok(home.call("GET", f"{CONFIGS}?environment=prod&{query}", token=token))
        assert names(page) == [f"{path}@production" for path in expected]

    def test_a_tag_to_look_for_has_a_name_and_a_value(self, home: EmbeddedKit, token: str) -> None:
        assert refused(home.call("GET", f"{CONFIGS}?tag=owner", token=token)) == (400, "malformed")

    def test_a_deleted_config_is_in_no_list(self, home: EmbeddedKit, token: str) -> None:
        fill(home, token)
        home.call("DELETE", f"{CONFIGS}/a/two?environment=production", token=token)
        assert names(ok(home.call("GET", f"{CONFIGS}?namespace=a&environment=prod", token=token))) == [
            "a/one@production"
        ]

    def test_a_developers_list_shows_the_environments_that_are_theirs(
        self, home: EmbeddedKit, acme: TenantId, token: str
    ) -> None:
        fill(home, token)
        developer = home.token(acme, "developer")
        shown = [name for page in walked(home, developer, f"{CONFIGS}?limit=3") for name in names(page)]
        assert shown == [f"{path}@development" for path in ("a/one", "a/two", "a/b/one", "c/one")]
        asked = home.call("GET", f"{CONFIGS}?environment=production", token=developer)
        assert refused(asked) == (403, "permission_denied")

    def test_a_page_ends_early_when_much_of_it_may_not_be_shown(
        self, home: EmbeddedKit, acme: TenantId, token: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fill(home, token)
        monkeypatch.setattr(pages, "MAX_LOOKED_AT", 3)
        found = walked(home, home.token(acme, "developer"), f"{CONFIGS}?limit=5")
        assert [len(page["items"]) for page in found] == [2, 1, 1]

    def test_a_history_is_told_newest_first_page_by_page(self, home: EmbeddedKit, token: str) -> None:
        for value in range(5):
            put(home, token, "a/one", value)
        url = "/api/v1/config-versions/a/one?environment=production"
        found = walked(home, token, f"{url}&limit=2")
        assert [[item["version"] for item in page["items"]] for page in found] == [[5, 4], [3, 2], [1]]

    def test_secrets_are_listed_without_what_they_say(self, home: EmbeddedKit, acme: TenantId, token: str) -> None:
        for environment in ("development", "production"):
            body = {"type": "generic", "value": "sk-canary"}
            home.call("PUT", f"/api/v1/secrets/a/one?environment={environment}", body, token=token)
        for role, shown in (("developer", ["development"]), ("viewer", ["development", "production"])):
            reply = home.call("GET", "/api/v1/secrets?limit=1000", token=home.token(acme, role))
            assert [item["environment"] for item in ok(reply)["items"]] == shown
            assert "canary" not in reply.text


class TestCursors:
    def cursor(self, home: EmbeddedKit, token: str) -> str:
        fill(home, token)
        text: str = ok(home.call("GET", f"{CONFIGS}?limit=2", token=token))["next_cursor"]
        return text

    @pytest.mark.parametrize("query", ["namespace=a", "environment=dev", "q=a", "tag=owner:a"])
    def test_a_cursor_is_of_its_query_and_of_any_page_size(self, home: EmbeddedKit, token: str, query: str) -> None:
        cursor = self.cursor(home, token)
        assert refused(home.call("GET", f"{CONFIGS}?{query}&cursor={cursor}", token=token)) == (400, "cursor_invalid")
        rest = ok(home.call("GET", f"{CONFIGS}?limit=1000&cursor={cursor}", token=token))
        assert len(rest["items"]) == 6

    def test_a_changed_cursor_is_refused_and_a_foreign_one_is_on_record_too(
        self, home: EmbeddedKit, token: str
    ) -> None:
        cursor = self.cursor(home, token)
        changed = cursor[:-1] + ("A" if cursor[-1] != "A" else "B")
        globex = home.tenant("globex")
        own = home.call("GET", f"{CONFIGS}?cursor={changed}", token=home.token(globex, "viewer"))
        assert refused(own) == (400, "cursor_invalid")
        assert not recorded(home, "access.denied")
        foreign = home.call("GET", f"{CONFIGS}?cursor={cursor}", token=home.token(globex, "viewer"))
        assert (foreign.status, foreign.text) == (own.status, own.text), "nobody is told the difference"
        (denied,) = recorded(home, "access.denied")
        assert (denied.tenant, denied.metadata["reason"]) == (globex, "tenant boundary")

    @pytest.mark.parametrize(
        "place",
        [
            None,
            7,
            "a",
            [],
            ["a", "one"],
            ["a", "one", 1],
            ["a", "one", "production", ""],
            {"a": 1},
            ["\ud800", "a", "b"],
            ["x" * 501, "a", "b"],
        ],
    )
    def test_a_cursor_of_anothers_making_with_another_place_is_refused(
        self, home: EmbeddedKit, acme: TenantId, token: str, place: Any
    ) -> None:
        query = {"list": "ListConfigsRequest", **ListConfigsRequest().model_dump(exclude={"limit", "cursor"})}
        cursor = cursors.write(acme, query, place)
        assert refused(home.call("GET", f"{CONFIGS}?cursor={cursor}", token=token)) == (400, "cursor_invalid")
        assert ok(home.call("GET", f"{CONFIGS}?cursor={cursors.write(acme, query, ['a', 'b', 'c'])}", token=token))

    @pytest.mark.parametrize("version", [10**30, 2**53, -1, -(10**30), True, 1.5])
    def test_a_cursor_of_anothers_making_with_no_such_version_is_refused(
        self, home: EmbeddedKit, acme: TenantId, token: str, version: Any
    ) -> None:
        put(home, token, "a/one")
        asked = ListConfigVersionsRequest.model_validate({"path": "a/one", "environment": "production"})
        query = {"list": "ListConfigVersionsRequest", **asked.model_dump(exclude={"limit", "cursor"})}
        url = f"/api/v1/config-versions/a/one?environment=production&cursor={cursors.write(acme, query, [version])}"
        assert refused(home.call("GET", url, token=token)) == (400, "cursor_invalid")


class TestNamespaces:
    def items(self, home: EmbeddedKit, token: str, limit: int) -> tuple[list[Any], Any]:
        found = walked(home, token, f"{RESOLVED}?namespace=a&environment=production&limit={limit}")
        assert all("digest" not in page and "count" not in page for page in found[:-1])
        return [item for page in found for item in page["items"]], found[-1]

    def test_a_namespace_resolves_to_the_same_digest_whatever_the_pages(self, home: EmbeddedKit, token: str) -> None:
        for number in range(5):
            put(home, token, f"a/key-{number}", {"n": number}, environment="global" if number % 2 else "production")
        put(home, token, "a/elsewhere", environment="edge")
        whole, last = self.items(home, token, 1000)
        assert [item["key"] for item in whole] == [f"key-{number}" for number in range(5)]
        digest = "0" * 64
        for item in whole:
            digest = hashlib.sha256(f"{digest}{item['key']}\0{item['etag']}".encode()).hexdigest()
        assert (last["count"], last["digest"]) == (5, digest)
        for limit in range(1, 7):
            items, end = self.items(home, token, limit)
            assert (items, end["count"], end["digest"], end["revision"]) == (whole, 5, digest, last["revision"])

    def test_all_pages_tell_of_the_revision_of_the_first(self, home: EmbeddedKit, token: str) -> None:
        for key in ("one", "three", "two"):
            put(home, token, f"a/{key}", "before")
        url = f"{RESOLVED}?namespace=a&environment=production&limit=1"
        first = ok(home.call("GET", url, token=token))
        put(home, token, "a/two", "after")
        put(home, token, "a/zero", "after")
        told, cursor = list(first["items"]), first["next_cursor"]
        while cursor:
            page = ok(home.call("GET", f"{url}&cursor={cursor}", token=token))
            assert page["revision"] == first["revision"]
            told, cursor = told + page["items"], page["next_cursor"]
        assert [(item["key"], item["value"]) for item in told] == [(key, "before") for key in ("one", "three", "two")]

    def test_only_the_keys_that_the_caller_may_read_are_told_and_counted(
        self, home: EmbeddedKit, acme: TenantId, token: str
    ) -> None:
        for key in ("one", "two"):
            put(home, token, f"a/{key}")
        reader = home.token(acme, "service-account", attributes={"namespaces": "a/two"})
        items, last = self.items(home, reader, 1)
        assert ([item["key"] for item in items], last["count"]) == (["two"], 1)
