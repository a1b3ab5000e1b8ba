"""ports/change_feed.py, promise by promise."""

from typing import Any

import pytest

from llm_config_domain.configs.changes import Deletion, Replacement
from llm_config_domain.errors import Unauthenticated
from llm_config_domain.names import TenantId
from tests.support.families import HomeUnderTest
from tests.support.samples import change_config, name_of, put_config, step


def test_a_line_is_the_revision_of_a_namespace_in_the_order_of_the_names(home: HomeUnderTest, acme: TenantId) -> None:
    for path in ("team/b/key", "team/a/key", "team/a/key", "team-x/key", "team/key", "tea/key"):
        put_config(home, name_of(acme, path))
    lines = home.provide("change_feed").lines
    assert lines(acme, "*", "", 10) == [("tea", 1), ("team", 1), ("team-x", 1), ("team/a", 2), ("team/b", 1)]
    assert lines(acme, "team/*", "", 10) == [("team/a", 2), ("team/b", 1)]
    assert lines(acme, "team", "", 10) == [("team", 1)]
    assert lines(acme, "*", "team", 2) == [("team-x", 1), ("team/a", 2)]


def test_a_namespace_that_nobody_wrote_in_has_no_line(home: HomeUnderTest, acme: TenantId) -> None:
    put_config(home, name_of(home.tenant("globex"), "team/key"))
    assert home.provide("change_feed").lines(acme, "team", "", 10) == []
    assert home.provide("change_feed").lines(acme, "*", "", 10) == []


def test_changes_are_the_versions_in_the_order_of_the_line(home: HomeUnderTest, acme: TenantId) -> None:
    first = put_config(home, name_of(acme), "1").version
    other = put_config(home, name_of(acme, "gateway/other", "global"), "2").version
    gone = change_config(home, name_of(acme), Deletion).version
    changes = home.provide("change_feed").changes
    assert changes(acme, "gateway", 0, 10) == [first, other, gone]
    assert changes(acme, "gateway", 2, 10) == [gone]
    assert changes(acme, "gateway", 3, 10) == []
    assert changes(acme, "gateway", 0, 2) == [first, other]


def test_a_revision_is_given_whole_or_not_at_all(home: HomeUnderTest, acme: TenantId) -> None:
    put_config(home, name_of(acme, "gateway/a"))
    told: dict[str, Any] = {"classification": "internal", "tags": {}}
    steps = [step(home, name_of(acme, f"gateway/{key}"), Replacement, value="2", **told) for key in "bcd"]
    written = home.provide("config_writer").write(steps, idempotency=None).version
    changes = home.provide("change_feed").changes
    assert [change.revision for change in changes(acme, "gateway", 0, 2)] == [1]
    assert changes(acme, "gateway", 1, 2) == list(written), "the first revision is given even when it is over the limit"
    assert [change.name.key for change in changes(acme, "gateway", 0, 4)] == ["a", "b", "c", "d"]


@pytest.mark.parametrize("namespace", ["gateway2", "gatewa", "gateway/deep"])
def test_namespaces_that_look_alike_have_changes_of_their_own(
    home: HomeUnderTest, acme: TenantId, namespace: str
) -> None:
    put_config(home, name_of(acme, f"{namespace}/key"))
    assert home.provide("change_feed").changes(acme, "gateway", 0, 10) == []


def test_a_tenant_that_is_not_active_follows_nothing(home: HomeUnderTest, acme: TenantId) -> None:
    put_config(home, name_of(acme))
    home.suspend(acme)
    for glob in ("*", "gateway"):
        with pytest.raises(Unauthenticated):
            home.provide("change_feed").lines(acme, glob, "", 1)
