"""Batches: all or none, each for itself, or rehearsed."""

from typing import Any

import pytest

from llm_config_domain.names import TenantId
from tests.support.everyday import BATCHES, CHANGES, CONFIGS, ok, one, put, recorded, refused
from tests.support.homes import EmbeddedKit, Reply


@pytest.fixture
def acme(home: EmbeddedKit) -> TenantId:
    return home.tenant("acme")


@pytest.fixture
def token(home: EmbeddedKit, acme: TenantId) -> str:
    return home.token(acme, "tenant-admin")


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
        assert ("Idempotency-Replayed" in first.headers, again.headers["Idempotency-Replayed"]) == (False, "true")

    def test_what_was_refused_of_a_batch_is_tried_again_with_the_same_key(self, home: EmbeddedKit, token: str) -> None:
        asked = (one("put", "a/one", value=1), one("patch", "a/two", value={"n": 1}))
        first = self.send(home, token, *asked, atomic=False, key="k")
        put(home, token, "a/two", {})
        again = self.send(home, token, *asked, atomic=False, key="k")
        assert [told["status"] for told in ok(first)["results"]] == [201, 404]
        assert [(told["status"], told["version"]) for told in ok(again)["results"]] == [(201, 1), (200, 2)]
        assert again.headers["Idempotency-Replayed"] == "true"

    @pytest.mark.parametrize("atomic", [True, False])
    def test_the_same_key_with_another_batch_is_refused(self, home: EmbeddedKit, token: str, atomic: bool) -> None:
        self.send(home, token, one("put", "a/one", value=1), atomic=atomic, key="k")
        other = (one("put", "a/one", value=2), one("put", "a/two", value=2))
        reply = self.send(home, token, *other, atomic=atomic, key="k")
        assert refused(reply) == (422, "idempotency_mismatch")
        assert self.value(home, token, "a/two") == 404
        assert self.value(home, token, "a/one") == 1
