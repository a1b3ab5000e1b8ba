"""The feed of changes, from any place on, nothing left out."""

from typing import Any

import pytest

from llm_config_contract.configs import ListChangesRequest
from llm_config_domain import cursors
from llm_config_domain.names import TenantId
from tests.support.everyday import BATCHES, CHANGES, CONFIGS, ok, one, put, refused
from tests.support.homes import EmbeddedKit


@pytest.fixture
def acme(home: EmbeddedKit) -> TenantId:
    return home.tenant("acme")


@pytest.fixture
def token(home: EmbeddedKit, acme: TenantId) -> str:
    return home.token(acme, "tenant-admin")


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


def test_a_feed_that_asks_for_nothing_special_begins_at_the_beginning() -> None:
    assert (ListChangesRequest().since, ListChangesRequest().namespace) == ("0", "*")
