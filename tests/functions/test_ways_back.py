"""Patches, and the ways back from them."""

from typing import Any

import pytest

from llm_config_domain.names import TenantId
from tests.support.everyday import CONFIGS, ok, put, refused
from tests.support.homes import EmbeddedKit, Reply


@pytest.fixture
def acme(home: EmbeddedKit) -> TenantId:
    return home.tenant("acme")


@pytest.fixture
def token(home: EmbeddedKit, acme: TenantId) -> str:
    return home.token(acme, "tenant-admin")


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
