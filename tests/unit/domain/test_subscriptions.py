"""What a subscription is about, and how long one that does not answer is tried."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from llm_config_domain.lines import Line, LineKind
from llm_config_domain.names import TenantId
from llm_config_domain.secrets.values import Sealed
from llm_config_domain.subscriptions import PATIENCE, RETRIES, DeliveryState, HeldSubscription, Subscription

TENANT = TenantId("01M7XB2CPDX901Z538HPJ3CH8B")
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
TOLD: dict[str, Any] = {
    "id": "01M7XB2CPDX901Z538HPJ3CH8C",
    "tenant": TENANT,
    "url": "https://hooks.example.com/",
    "namespaces": ("gateway", "team/*"),
    "types": (),
    "description": "",
    "created_at": "2026-01-02T03:04:05.000Z",
    "created_by": "user:ana",
}


def subscription(**about: Any) -> Subscription:
    return Subscription(**{**TOLD, **about})


@pytest.mark.parametrize(
    ("namespaces", "kind", "namespace", "follows"),
    [
        pytest.param(("gateway",), LineKind.CONFIGS, "gateway", True, id="its namespace"),
        pytest.param(("gateway",), LineKind.SECRETS, "gateway", True, id="its namespace's secrets"),
        pytest.param(("gateway",), LineKind.CONFIGS, "gateway-2", False, id="a longer name"),
        pytest.param(("x", "team/*"), LineKind.CONFIGS, "team/a", True, id="below"),
        pytest.param(("team/*",), LineKind.CONFIGS, "team", False, id="the one above"),
        pytest.param(("team/*",), LineKind.CONTROL, "", False, id="what is in no namespace"),
        pytest.param(("*",), LineKind.CONTROL, "", True, id="everything"),
        pytest.param(("*",), LineKind.SECRETS, "a/b", True, id="everything in namespaces"),
    ],
)
def test_a_subscription_follows_the_lines_of_its_namespaces(
    namespaces: tuple[str, ...], kind: LineKind, namespace: str, *, follows: bool
) -> None:
    assert subscription(namespaces=namespaces).follows(Line(TENANT, kind, namespace)) is follows


def test_it_wants_the_types_that_it_names_or_all() -> None:
    event = {"type": "com.llm.config.created"}
    assert subscription().wants(event)
    assert subscription(types=("com.llm.config.created",)).wants(event)
    assert not subscription(types=("com.llm.config.deleted",)).wants(event)


def test_it_is_active_until_it_is_switched_off_or_deleted_and_its_version_counts_that() -> None:
    new = subscription()
    off, gone = new.disabled("later"), new.deleted("later")
    assert [one.is_active for one in (new, off, gone, off.deleted("last"))] == [True, False, False, False]
    assert [one.version for one in (new, off, gone, off.deleted("last"))] == [1, 2, 2, 3]


def test_a_subscription_comes_out_of_its_record_as_it_went_in() -> None:
    told = subscription(types=("com.llm.config.created",)).disabled("later")
    assert Subscription.from_record(told.to_record()) == told
    assert told.told == {"namespaces": ["gateway", "team/*"], "types": ["com.llm.config.created"]}
    assert (told.consumer, told.name.key) == (f"webhook:{told.id}", told.id)
    assert "blob" not in repr(HeldSubscription(told, Sealed(b"blob")))


def test_each_failure_waits_longer_and_the_last_wait_is_repeated() -> None:
    state, waits = DeliveryState(), []
    for _ in range(len(RETRIES) + 2):
        state = state.failed(NOW, "unreachable")
        assert state.next_at is not None
        waits.append(datetime.fromisoformat(state.next_at) - NOW)
    assert waits == [*RETRIES, RETRIES[-1], RETRIES[-1]]
    assert (state.failures, state.last_failure) == (len(RETRIES) + 2, "unreachable")


def test_nothing_is_sent_before_its_time() -> None:
    state = DeliveryState().failed(NOW, "status 500")
    assert not DeliveryState().waits(NOW)
    assert state.waits(NOW + RETRIES[0] - timedelta(milliseconds=1))
    assert not state.waits(NOW + RETRIES[0])


def test_a_success_ends_the_failures_and_remembers_the_last() -> None:
    state = DeliveryState().failed(NOW, "refused").succeeded(NOW + timedelta(hours=1))
    assert (state.failures, state.failing_since, state.next_at) == (0, None, None)
    assert (state.last_failure, state.last_success_at) == ("refused", "2026-01-02T04:04:05.000Z")
    assert DeliveryState.from_record(state.to_record()) == state


def test_after_five_days_of_failure_there_is_no_hope() -> None:
    state = DeliveryState().failed(NOW, "unreachable")
    for later in (timedelta(days=1), timedelta(days=4)):
        state = state.failed(NOW + later, "unreachable")
    assert not DeliveryState().is_hopeless(NOW)
    assert not state.is_hopeless(NOW + PATIENCE - timedelta(milliseconds=1))
    assert state.is_hopeless(NOW + PATIENCE)
