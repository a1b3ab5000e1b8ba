"""The feed of changes, from any place on, nothing left out."""

from typing import Any

import pytest

from llm_config.ports.change_signal import Heard
from llm_config_contract.configs import ListChangesRequest
from llm_config_domain import cursors
from llm_config_domain.names import TenantId, glob_prefix
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


class LateFeed:
    """Of several namespaces it shows no line yet, as the index on AWS may a moment after a write."""

    def __init__(self, feed: Any) -> None:
        self._feed = feed

    def lines(self, tenant: TenantId, glob: str, after: str, limit: int) -> Any:
        return [] if glob_prefix(glob) is not None else self._feed.lines(tenant, glob, after, limit)

    def changes(self, *given: Any) -> Any:
        return self._feed.changes(*given)


class TestPlaceInManyNamespaces:
    def place(self, acme: TenantId, **reached: int) -> str:
        return f"{CHANGES}?since={cursors.write(acme, {'feed': '*'}, reached)}"

    def test_one_that_is_not_there_yet_is_refused(self, home: EmbeddedKit, acme: TenantId, token: str) -> None:
        put(home, token, "a/one")
        assert ok(home.call("GET", self.place(acme, a=1), token=token))["changes"] == []
        for reached in ({"a": 2}, {"a": 1, "b": 1}, {"a/*": 1}, {f"n-{number}": 0 for number in range(201)}):
            reply = home.call("GET", self.place(acme, **reached), token=token)
            assert refused(reply) == (400, "cursor_invalid")

    def test_one_outside_of_what_is_asked_for_is_refused(self, home: EmbeddedKit, acme: TenantId, token: str) -> None:
        put(home, token, "a/one")
        since = cursors.write(acme, {"feed": "t/*"}, {"a": 1})
        reply = home.call("GET", f"{CHANGES}?namespace=t/*&since={since}", token=token)
        assert refused(reply) == (400, "cursor_invalid")

    def test_one_that_only_shows_late_is_taken(self, home: EmbeddedKit, acme: TenantId, token: str) -> None:
        put(home, token, "a/one")
        feed = LateFeed(home.provide("change_feed"))
        home.factories["change_feed"] = lambda: feed
        home.forget()
        told = ok(home.call("GET", self.place(acme, a=1), token=token))
        assert told["changes"] == []


def test_what_is_passed_over_is_told_by_its_revision(home: EmbeddedKit, acme: TenantId, token: str) -> None:
    put(home, token, "a/one")
    put(home, token, "b/one", environment="edge")
    told = ok(home.call("GET", f"{CHANGES}?environment=edge", token=token))
    assert ([change["namespace"] for change in told["changes"]], told["reached"]) == (["b"], {"a": 1, "b": 1})
    again = ok(home.call("GET", f"{CHANGES}?environment=edge&since={told['next']}", token=token))
    assert again == {"changes": [], "next": told["next"], "reached": {"a": 1, "b": 1}}


def test_a_gap_is_told_to_who_asks_for_it_and_another_tenants_place_never(
    home: EmbeddedKit, acme: TenantId, token: str
) -> None:
    put(home, token, "a/one")
    theirs = cursors.write(home.tenant("globex"), {"feed": "a"}, {"a": 1})
    for since, query in (("9", "&on_gap=refuse"), (theirs, ""), (theirs, "&on_gap=tell")):
        reply = home.call("GET", f"{CHANGES}?namespace=a&since={since}{query}", token=token)
        assert refused(reply) == (400, "cursor_invalid")
    told = ok(home.call("GET", f"{CHANGES}?namespace=a&since=9&on_gap=tell", token=token))
    assert ([change["key"] for change in told["changes"]], "gap" in told) == (["one"], True)


class Heeding:
    """A signal that says what it is told to say, and what was asked of it."""

    def __init__(self, *heard: Heard) -> None:
        self._heard, self.asked = list(heard), []  # type: ignore[var-annotated]

    def wait(self, tenant: TenantId, glob: str, known: Any, seconds: float) -> Heard:
        self.asked.append((glob, dict(known), 0 < seconds <= 20))
        return self._heard.pop(0)


@pytest.mark.parametrize(
    ("heard", "told"),
    [
        pytest.param([Heard.NOTHING], {}, id="the time is over"),
        pytest.param([Heard.FULL], {"retry_after": 5}, id="too many wait"),
        pytest.param([Heard.CHANGED, Heard.CHANGED, Heard.NOTHING], {}, id="woken for nothing"),
    ],
)
def test_who_waits_in_vain_is_answered_with_its_own_place(
    home: EmbeddedKit, token: str, heard: list[Heard], told: dict[str, int]
) -> None:
    put(home, token, "a/one")
    next_ = ok(home.call("GET", f"{CHANGES}?namespace=a", token=token))["next"]
    signal = Heeding(*heard)
    home.factories["change_signal"] = lambda: signal
    home.forget()
    answer = ok(home.call("GET", f"{CHANGES}?namespace=a&wait=20&since={next_}", token=token))
    assert answer == {"changes": [], "next": next_, "reached": {"a": 1}, **told}
    assert signal.asked == [("a", {"a": 1}, True)] * len(heard)


def test_what_is_not_for_this_reader_is_passed_over_before_it_waits(home: EmbeddedKit, token: str) -> None:
    for value in range(3):
        put(home, token, "a/one", value)
    signal = Heeding(Heard.NOTHING)
    home.factories["change_signal"] = lambda: signal
    home.forget()
    answer = ok(home.call("GET", f"{CHANGES}?namespace=a&environment=edge&wait=20&limit=1", token=token))
    assert (answer["changes"], answer["reached"], signal.asked) == ([], {"a": 3}, [("a", {"a": 3}, True)])
