"""llm_config_domain/watchers.py: what is kept of who watches, and when a credential is worth nothing any more."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import pytest

from llm_config_domain import json_text, times
from llm_config_domain.api_keys import ApiKey
from llm_config_domain.callers import Caller
from llm_config_domain.errors import Unauthenticated
from llm_config_domain.names import TenantId
from llm_config_domain.watchers import KEPT, TO_SUBSCRIBE, TURN, Subscription, Watcher

ACME = TenantId("01J00000000000000000000ACM")
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
CALLER = Caller(
    ACME, "ada", frozenset({"viewer", "developer"}), attributes=MappingProxyType({"level": 3, "teams": ["a"]})
)
WATCHER = Watcher(connection="L0SM9cOFvHcCIhw=", caller=CALLER, opened_at=times.rfc3339(NOW))
ASKED = Subscription("gateway/*", "production", "0")
KEY = ApiKey(
    id="01J0ZZZZZZZZZZZZZZZZZZZZZA",
    tenant=ACME,
    name="edge",
    roles=("viewer",),
    namespaces=None,
    cidr=(),
    expires_at=None,
    created_at="2026-01-01T00:00:00.000Z",
    created_by="ada",
)


@pytest.mark.parametrize("watcher", [WATCHER, WATCHER.subscribed(ASKED, NOW)], ids=["opened", "subscribed"])
def test_what_is_kept_is_read_as_it_was(watcher: Watcher) -> None:
    assert Watcher.from_record(json_text.read(json_text.write(watcher.to_record()))) == watcher
    assert watcher.tenant == ACME and watcher.forgotten_at == NOW + KEPT


def test_who_says_nothing_is_late_and_who_subscribed_never_is() -> None:
    assert not WATCHER.is_late(NOW + TO_SUBSCRIBE - timedelta(milliseconds=1))
    assert WATCHER.is_late(NOW + TO_SUBSCRIBE)
    assert not WATCHER.subscribed(ASKED, NOW).is_late(NOW + TO_SUBSCRIBE)


def test_a_turn_is_somebodys_until_it_is_left_or_over() -> None:
    taken = WATCHER.taken(NOW)
    assert taken.is_told(NOW) and not WATCHER.is_told(NOW)
    assert not taken.is_told(NOW + TURN)
    assert not taken.left().is_told(NOW)


def test_the_place_moves_and_when_is_remembered() -> None:
    told = WATCHER.subscribed(ASKED, NOW).told("next", NOW)
    assert told.subscription == replace(ASKED, place="next") and told.told_at == times.rfc3339(NOW)
    assert WATCHER.told("next", NOW).subscription is None


def test_a_token_holds_until_its_end() -> None:
    watcher = replace(WATCHER, credential_ends=times.rfc3339(NOW))
    watcher.check(times.rfc3339(NOW - timedelta(milliseconds=1)), None)
    with pytest.raises(Unauthenticated, match="expired"):
        watcher.check(times.rfc3339(NOW), None)
    WATCHER.check(times.rfc3339(NOW), None)


@pytest.mark.parametrize(
    ("key", "holds"),
    [
        pytest.param(KEY, True, id="as it was"),
        pytest.param(replace(KEY, expires_at=times.rfc3339(NOW + TURN)), True, id="before its end"),
        pytest.param(replace(KEY, expires_at=times.rfc3339(NOW)), False, id="at its end"),
        pytest.param(KEY.revoked(times.rfc3339(NOW)), False, id="revoked"),
        pytest.param(None, False, id="gone"),
    ],
)
def test_a_key_holds_as_its_row_says_now(key: ApiKey | None, holds: bool) -> None:
    watcher = replace(WATCHER, api_key=KEY.id)
    with nullcontext() if holds else pytest.raises(Unauthenticated, match="not valid"):
        watcher.check(times.rfc3339(NOW), key)
