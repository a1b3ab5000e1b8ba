"""Everyday work with configs: lists and their cursors, the feed of changes, batches, patches, and ways back."""

import hashlib
from typing import Any

import pytest

from llm_config.operations import pages
from llm_config_contract.configs import ListChangesRequest, ListConfigsRequest, ListConfigVersionsRequest
from llm_config_domain import cursors
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import TenantId
from tests.support.homes import EmbeddedKit, Reply

CONFIGS, CHANGES, BATCHES = "/api/v1/configs", "/api/v1/changes", "/api/v1/config-batches"
RESOLVED = "/api/v1/resolved"


@pytest.fixture
def acme(home: EmbeddedKit) -> TenantId:
    return home.tenant("acme")


@pytest.fixture
def token(home: EmbeddedKit, acme: TenantId) -> str:
    return home.token(acme, "tenant-admin")


def put(
    home: EmbeddedKit, token: str, path: str, value: Any = 1, environment: str = "production", **more: Any
) -> Reply:
    url = f"{CONFIGS}/{path}?environment={environment}"
    reply = home.call("PUT", url, {"value": value, **more}, token=token)
    assert reply.status in (200, 201), reply.text
    return reply


def ok(reply: Reply) -> Any:
    assert reply.status == 200, reply.text
    return reply.json


def refused(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.json["kind"]


def names(page: Any) -> list[str]:
    return [f"{item['namespace']}/{item['key']}@{item['environment']}" for item in page["items"]]


def walked(home: EmbeddedKit, token: str, url: str) -> list[Any]:
    """All pages of a list, to the one without a cursor."""
    found, cursor = [], ""
    while True:
        page = ok(home.call("GET", f"{url}{cursor}", token=token))
        found.append(page)
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


def fill(home: EmbeddedKit, token: str) -> None:
    for path in ("a/one", "a/two", "a/b/one", "c/one"):
        for environment in ("development", "production"):
            put(home, token, path, environment=environment, tags={"owner": path[0]})


def recorded(home: EmbeddedKit, event_type: str) -> list[JournalEntry]:
    return [entry for entry in home.accesses() if entry.event_type == event_type]


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


class TestChanges:
    def feed(self, home: EmbeddedKit, token: str, query: str) -> Any:
        return ok(home.call("GET", f"{CHANGES}?{query}", token=token))

    def told(self, home: EmbeddedKit, token: str, query: str) -> list[tuple[str, int]]:
        return [
            (f"{one['namespace']}/{one['key']}", one["version"]) for one in self.feed(home, token, query)["changes"]
        ]

    def test_a_follower_of_one_namespace_is_told_each_change_once_and_in_order(
        self, home: EmbeddedKit, token: str
    ) -> None:
        put(home, token, "a/one")
        put(home, token, "a/two")
        first = self.feed(home, token, "namespace=a")
        assert [(one["key"], one["revision"], one["value"]) for one in first["changes"]] == [
            ("one", 1, 1),
            ("two", 2, 1),
        ]
        put(home, token, "a/one", 2)
        put(home, token, "b/one")
        second = self.feed(home, token, f"namespace=a&since={first['next']}")
        assert [(one["key"], one["version"], one["change_type"]) for one in second["changes"]] == [("one", 2, "update")]
        third = self.feed(home, token, f"namespace=a&since={second['next']}")
        assert (third["changes"], third["next"]) == ([], second["next"])

    def test_a_place_may_be_said_as_a_revision_of_the_one_namespace(self, home: EmbeddedKit, token: str) -> None:
        for value in range(3):
            put(home, token, "a/one", value)
        assert self.told(home, token, "namespace=a&since=0") == [("a/one", 1), ("a/one", 2), ("a/one", 3)]
        assert self.told(home, token, "namespace=a&since=2") == [("a/one", 3)]
        assert self.told(home, token, "namespace=a&since=3") == []

    @pytest.mark.parametrize(
        "query",
        ["namespace=a&since=4", "namespace=nowhere&since=1", "namespace=a&since=999999999999",
         "namespace=*&since=1", "namespace=a/*&since=1", "namespace=a&since=-1", "namespace=a&since=x"],
    )  # fmt: skip
    def test_a_place_that_is_not_there_is_refused(self, home: EmbeddedKit, token: str, query: str) -> None:
        for value in range(3):
            put(home, token, "a/one", value)
        assert refused(home.call("GET", f"{CHANGES}?{query}", token=token)) == (400, "cursor_invalid")

    @pytest.mark.parametrize(
        "place", [None, 7, [], ["a"], {"a": "1"}, {"a": 1.5}, {"a": True}, {"a": 9}, {"a": -1}, {"a": -(10**30)}]
    )
    def test_a_place_of_anothers_making_is_refused(
        self, home: EmbeddedKit, acme: TenantId, token: str, place: Any
    ) -> None:
        put(home, token, "a/one")
        since = cursors.write(acme, {"feed": "a"}, place)
        assert refused(home.call("GET", f"{CHANGES}?namespace=a&since={since}", token=token)) == (400, "cursor_invalid")

    def test_a_place_in_another_feed_is_refused(self, home: EmbeddedKit, token: str) -> None:
        put(home, token, "a/one")
        since = self.feed(home, token, "namespace=a")["next"]
        assert refused(home.call("GET", f"{CHANGES}?namespace=*&since={since}", token=token)) == (400, "cursor_invalid")

    def test_a_follower_of_many_namespaces_carries_the_place_in_each(self, home: EmbeddedKit, token: str) -> None:
        for path in ("a/one", "b/one", "b/two", "c/d/one"):
            put(home, token, path)
        told, since = [], "0"
        for _ in range(5):
            answer = self.feed(home, token, f"since={since}&limit=1")
            told += [f"{one['namespace']}/{one['key']}" for one in answer["changes"]]
            since = answer["next"]
        assert told == ["a/one", "b/one", "b/two", "c/d/one"]
        put(home, token, "a/one", 2)
        put(home, token, "new/one")
        assert self.told(home, token, f"since={since}") == [("a/one", 2), ("new/one", 1)]

    def test_only_what_was_asked_for_and_may_be_read_is_told(
        self, home: EmbeddedKit, acme: TenantId, token: str
    ) -> None:
        put(home, token, "a/one")
        put(home, token, "a/one", environment="development")
        put(home, token, "a/large", "x" * (32 * 1024 - 1), environment="development")
        put(home, token, "a/fits", "x" * (32 * 1024 - 2), environment="development")
        home.call("DELETE", f"{CONFIGS}/a/one?environment=development", token=token)
        for query, who in (("environment=dev&", token), ("", home.token(acme, "developer"))):
            changes = self.feed(home, who, f"{query}namespace=a")["changes"]
            assert [(one["key"], one["change_type"], "value" in one) for one in changes] == [
                ("one", "create", True),
                ("large", "create", False),
                ("fits", "create", True),
                ("one", "delete", False),
            ]

    def test_too_many_namespaces_are_too_much_to_follow_at_once(self, home: EmbeddedKit, token: str) -> None:
        for start in range(0, 201, 8):
            paths = [f"t/n-{number:03}/key" for number in range(start, min(start + 8, 201))]
            ok(home.call("POST", BATCHES, {"operations": [one("put", path, value=1) for path in paths]}, token=token))
        reply = home.call("GET", CHANGES, token=token)
        assert (*refused(reply), reply.json["limit"]) == (413, "too_large", 200)
        assert len(self.told(home, token, "namespace=t/n-200")) == 1


def one(operation: str, path: str, environment: str = "production", **more: Any) -> dict[str, Any]:
    return {"operation": operation, "path": path, "environment": environment, **more}


class TestBatches:
    def send(self, home: EmbeddedKit, token: str, *operations: dict[str, Any], key: str = "", **more: Any) -> Reply:
        headers = {"idempotency-key": key} if key else {}
        return home.call("POST", BATCHES, {"operations": list(operations), **more}, token=token, headers=headers)

    def value(self, home: EmbeddedKit, token: str, path: str) -> Any:
        reply = home.call("GET", f"{CONFIGS}/{path}?environment=production", token=token)
        return reply.json["value"] if reply.status == 200 else reply.status

    def test_every_kind_of_change_is_made_together(self, home: EmbeddedKit, token: str) -> None:
        for key in ("put", "merge", "patch", "delete"):
            put(home, token, f"a/{key}", {"n": [1]}, classification="restricted")
        reply = self.send(
            home, token,
            one("put", "a/put", value=None),
            one("create", "a/create", value=2, classification="public", tags={"t": "1"}, reason="its own"),
            one("patch", "a/merge", value={"m": 2}),
            one("patch", "a/patch", value=[{"op": "add", "path": "/n/-", "value": 2}]),
            one("delete", "a/delete"),
            reason="of all",
        )  # fmt: skip
        results = ok(reply)["results"]
        assert [(told["operation_index"], told["status"], told["version"]) for told in results] == [
            (0, 200, 2), (1, 201, 1), (2, 200, 2), (3, 200, 2), (4, 204, 2),
        ]  # fmt: skip
        found = [self.value(home, token, f"a/{key}") for key in ("put", "create", "merge", "patch", "delete")]
        assert found == [None, 2, {"n": [1], "m": 2}, {"n": [1, 2]}, 404]
        told = ok(home.call("GET", f"{CONFIGS}/a/create?environment=production", token=token))
        assert (told["classification"], told["tags"], told["reason"]) == ("public", {"t": "1"}, "its own")
        told = ok(home.call("GET", f"{CONFIGS}/a/merge?environment=production", token=token))
        assert (told["classification"], told["reason"]) == ("restricted", "of all")
        lines = ok(home.call("GET", f"{CHANGES}?namespace=a&since=4", token=token))["changes"]
        assert [line["revision"] for line in lines] == [5] * 5, "one revision of the namespace"

    @pytest.mark.parametrize(
        ("operations", "limit"),
        [
            ([one("put", f"a/key-{number}", value=1) for number in range(31)], 30),
            ([one("put", f"n-{number}/key", value=1) for number in range(9)], 8),
        ],
        ids=["31 operations", "9 namespaces"],
    )
    def test_a_batch_holds_what_one_transaction_can(
        self, home: EmbeddedKit, token: str, operations: list[dict[str, Any]], limit: int
    ) -> None:
        reply = self.send(home, token, *operations)
        assert (*refused(reply), reply.json["limit"]) == (413, "too_large", limit)
        assert ok(home.call("GET", CONFIGS, token=token))["items"] == []
        assert len(ok(self.send(home, token, *operations[:limit]))["results"]) == limit

    def test_a_batch_changes_each_entry_once(self, home: EmbeddedKit, token: str) -> None:
        first = one("put", "a/one", value=1)
        reply = self.send(home, token, first, one("put", "a/one", "development", value=1), one("delete", "a/one"))
        assert refused(reply) == (400, "malformed")
        assert [told["path"] for told in reply.json["violations"]] == ["/operations/2"]
        assert refused(self.send(home, token, first, one("put", "a/one", "prod", value=2))) == (400, "malformed")
        assert self.value(home, token, "a/one") == 404

    @pytest.mark.parametrize(
        ("bad", "refusal", "place"),
        [
            (one("create", "a/there", value=2), (409, "conflict"), "/operations/1"),
            (one("put", "a/there", value=2, if_match='"9"'), (412, "precondition_failed"), "/operations/1"),
            (one("put", "a/there", value=2, if_none_match="*"), (412, "precondition_failed"), "/operations/1"),
            (one("delete", "a/absent"), (404, "not_found"), "/operations/1"),
            (one("patch", "a/absent", value={}), (404, "not_found"), "/operations/1"),
            (one("put", "a/there"), (400, "malformed"), "/operations/1/value"),
            (one("patch", "a/there"), (400, "malformed"), "/operations/1/value"),
            (one("put", "a/there", value={"x": {"$secret": 1}}), (422, "value_refused"), "/operations/1/x/$secret"),
        ],
        ids=lambda value: value["operation"] if isinstance(value, dict) else None,
    )
    def test_one_that_is_refused_keeps_all_from_being_made_or_only_itself(
        self, home: EmbeddedKit, token: str, bad: dict[str, Any], refusal: tuple[int, str], place: str
    ) -> None:
        put(home, token, "a/there")
        good, last = one("put", "a/good", value=1), one("put", "b/last", value=1)
        together = self.send(home, token, good, bad, last)
        assert refused(together) == refusal
        assert [told["path"].startswith(place[:13]) for told in together.json["violations"]] == [True]
        assert self.value(home, token, "a/good") == self.value(home, token, "b/last") == 404
        alone = ok(self.send(home, token, good, bad, last, atomic=False))["results"]
        assert [told["status"] for told in alone] == [201, refusal[0], 201]
        assert (alone[1]["kind"], alone[1]["version"]) == (refusal[1], None)
        assert alone[1]["detail"] and "kind" not in alone[0]
        assert self.value(home, token, "a/good") == self.value(home, token, "b/last") == 1

    def test_what_one_of_the_operations_may_not_keeps_all_from_being_made(
        self, home: EmbeddedKit, acme: TenantId, token: str
    ) -> None:
        put(home, token, "a/there")
        operator = home.token(acme, "operator")
        for atomic in (True, False):
            reply = self.send(home, operator, one("put", "a/good", value=1), one("delete", "a/there"), atomic=atomic)
            assert refused(reply) == (403, "permission_denied")
        assert self.value(home, token, "a/good") == 404
        assert [entry.resource.id for entry in recorded(home, "access.denied")] == ["a/there"] * 2

    @pytest.mark.parametrize("atomic", [True, False])
    def test_a_rehearsal_says_what_would_be_and_writes_nothing(
        self, home: EmbeddedKit, token: str, atomic: bool
    ) -> None:
        put(home, token, "a/there")
        before = len(home.accesses())
        asked = (one("put", "a/there", value=2), one("create", "a/new", value=1))
        reply = ok(self.send(home, token, *asked, atomic=atomic, dry_run=True, key="k"))
        assert reply["dry_run"] is True
        assert [(told["status"], told["version"]) for told in reply["results"]] == [(200, 2), (201, 1)]
        assert (self.value(home, token, "a/there"), self.value(home, token, "a/new")) == (1, 404)
        assert len(ok(home.call("GET", f"{CHANGES}?namespace=a", token=token))["changes"]) == 1
        home.provide("access_log").close()  # what was noted is written
        (noted,) = [entry for entry in home.accesses()[before:] if entry.event_type == "config.write"]
        assert noted.result.status == "success"

    @pytest.mark.parametrize("atomic", [True, False])
    def test_a_batch_sent_again_has_one_effect(self, home: EmbeddedKit, token: str, atomic: bool) -> None:
        asked = (one("put", "a/one", value=1), one("put", "b/one", value=1))
        first = self.send(home, token, *asked, atomic=atomic, key="k")
        again = self.send(home, token, *asked, atomic=atomic, key="k")
        assert ok(first)["results"] == ok(again)["results"]
        assert len(ok(home.call("GET", CHANGES, token=token))["changes"]) == 2
        assert again.headers.get("Idempotency-Replayed") == ("true" if atomic else None)

    def test_the_same_key_with_another_batch_is_refused(self, home: EmbeddedKit, token: str) -> None:
        self.send(home, token, one("put", "a/one", value=1), key="k")
        assert refused(self.send(home, token, one("put", "a/one", value=2), key="k")) == (422, "idempotency_mismatch")
        assert self.value(home, token, "a/one") == 1


class TestPatches:
    @pytest.mark.parametrize(
        ("media", "patch", "value"),
        [
            ("application/merge-patch+json", {"b": None, "c": 3}, {"a": 1, "c": 3}),
            ("application/json-patch+json", [{"op": "remove", "path": "/b"}], {"a": 1}),
            ("application/merge-patch+json; charset=utf-8", None, None),
        ],
    )
    def test_a_patch_is_what_its_media_type_says(
        self, home: EmbeddedKit, token: str, media: str, patch: Any, value: Any
    ) -> None:
        put(home, token, "a/one", {"a": 1, "b": 2}, tags={"kept": "yes"})
        url, headers = f"{CONFIGS}/a/one?environment=production&reason=why", {"content-type": media}
        raw = b"null" if patch is None else None
        told = ok(home.call("PATCH", url, patch, raw=raw, token=token, headers=headers))
        assert (told["value"], told["version"], told["tags"], told["reason"]) == (value, 2, {"kept": "yes"}, "why")

    @pytest.mark.parametrize("media", ["application/json", "text/plain", ""])
    def test_another_media_type_is_told_which_ones_are_taken(self, home: EmbeddedKit, token: str, media: str) -> None:
        put(home, token, "a/one", {})
        url = f"{CONFIGS}/a/one?environment=production"
        reply = home.call("PATCH", url, {}, token=token, headers={"content-type": media})
        assert refused(reply) == (415, "unsupported_media_type")
        assert reply.headers["Accept-Patch"] == "application/json-patch+json, application/merge-patch+json"


class TestWaysBack:
    URL = f"{CONFIGS}/a/one?environment=production"

    def test_what_was_deleted_is_restored_and_what_was_changed_is_rolled_back(
        self, home: EmbeddedKit, token: str
    ) -> None:
        times = [put(home, token, "a/one", {"n": number}).json["updated_at"] for number in (1, 2)]
        assert home.call("DELETE", f"{self.URL}&reason=gone", token=token).status == 204
        assert home.call("GET", self.URL, token=token).status == 404
        restored = ok(self.back(home, token, "restores"))
        assert (restored["value"], restored["version"], restored["from_version"]) == ({"n": 2}, 4, 2)
        rolled = ok(self.back(home, token, "rollbacks", version=1, reason="worse"))
        assert (rolled["value"], rolled["version"], rolled["from_version"]) == ({"n": 1}, 5, 1)
        then = ok(self.back(home, token, "rollbacks", as_of=times[1]))
        assert (then["value"], then["version"], then["from_version"]) == ({"n": 2}, 6, 2)
        history = ok(home.call("GET", "/api/v1/config-versions/a/one?environment=production", token=token))["items"]
        assert [item["change_type"] for item in history] == [
            "rollback", "rollback", "restore", "delete", "update", "create",
        ]  # fmt: skip

    def back(self, home: EmbeddedKit, token: str, how: str, **body: Any) -> Reply:
        return home.call("POST", f"/api/v1/config-{how}/a/one?environment=production", body, token=token)

    def test_a_way_back_that_leads_nowhere_is_refused(self, home: EmbeddedKit, token: str) -> None:
        put(home, token, "a/one")
        assert refused(self.back(home, token, "restores")) == (409, "conflict")
        assert refused(self.back(home, token, "rollbacks", version=2)) == (404, "not_found")
        assert refused(self.back(home, token, "rollbacks", as_of="2000-01-01T00:00:00Z")) == (404, "not_found")
        for body in ({}, {"version": 1, "as_of": "2026-01-01T00:00:00Z"}, {"version": 0}, {"as_of": "yesterday"}):
            assert refused(self.back(home, token, "rollbacks", **body)) == (400, "malformed")

    def test_a_rollback_to_a_deletion_is_refused(self, home: EmbeddedKit, token: str) -> None:
        put(home, token, "a/one")
        home.call("DELETE", self.URL, token=token)
        put(home, token, "a/one", 2)
        reply = self.back(home, token, "rollbacks", version=2)
        assert refused(reply) == (422, "value_refused")
        assert [told["rule"] for told in reply.json["violations"]] == ["deleted"]

    def test_a_difference_is_the_patch_from_one_version_to_the_other(self, home: EmbeddedKit, token: str) -> None:
        for value in ({"a": 1, "b": 2}, {"a": 1, "c": 3}):
            put(home, token, "a/one", value)
        url = "/api/v1/config-diffs/a/one?environment=production"
        there = ok(home.call("GET", f"{url}&from=1&to=2", token=token))
        assert (there["from"], there["to"], there["summary"]) == (1, 2, "1 added, 1 removed: /b, /c")
        back = ok(home.call("GET", f"{url}&from=2&to=1", token=token))["patch"]
        headers = {"content-type": "application/json-patch+json"}
        assert ok(home.call("PATCH", self.URL, back, token=token, headers=headers))["value"] == {"a": 1, "b": 2}
        assert ok(home.call("GET", f"{url}&from=1&to=3", token=token))["patch"] == []
        assert refused(home.call("GET", f"{url}&from=1&to=4", token=token)) == (404, "not_found")


def test_a_feed_that_asks_for_nothing_special_begins_at_the_beginning() -> None:
    assert (ListChangesRequest().since, ListChangesRequest().namespace) == ("0", "*")
