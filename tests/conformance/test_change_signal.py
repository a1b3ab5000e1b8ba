"""ports/change_signal.py, promise by promise."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from llm_config.ports.change_signal import ChangeSignal, Heard
from llm_config_domain.errors import Unauthenticated
from llm_config_domain.names import TenantId
from tests.support.families import HomeUnderTest
from tests.support.samples import name_of, put_config, put_secret

LONG, A_LOOK = 30.0, 0.05


@pytest.fixture
def signal(home: HomeUnderTest) -> ChangeSignal:
    found: ChangeSignal = home.provide("change_signal")
    return found


@pytest.mark.parametrize(
    ("glob", "known"),
    [("gateway", {}), ("gateway", {"gateway": 0}), ("gateway", {"other": 7}), ("*", {}), ("*", {"other": 7})],
)
def test_what_is_there_already_is_heard_at_once(
    home: HomeUnderTest, acme: TenantId, signal: ChangeSignal, glob: str, known: dict[str, int]
) -> None:
    put_config(home, name_of(acme))
    assert signal.wait(acme, glob, known, LONG) is Heard.CHANGED


def test_what_is_under_a_namespace_is_heard_by_its_glob(
    home: HomeUnderTest, acme: TenantId, signal: ChangeSignal
) -> None:
    put_config(home, name_of(acme, "team/a/key"))
    assert signal.wait(acme, "team/*", {}, LONG) is Heard.CHANGED
    assert signal.wait(acme, "team/*", {"team/a": 1}, A_LOOK) is Heard.NOTHING


@pytest.mark.parametrize("glob", ["gateway", "*", "team/*"])
def test_what_is_written_meanwhile_is_heard(
    home: HomeUnderTest, acme: TenantId, signal: ChangeSignal, glob: str
) -> None:
    put_config(home, name_of(acme, "team/a/key"))
    put_config(home, name_of(acme))
    known = {"gateway": 1, "team/a": 1}
    with ThreadPoolExecutor(1) as waiters:
        heard = waiters.submit(signal.wait, acme, glob, known, LONG)
        put_config(home, name_of(acme))
        put_config(home, name_of(acme, "team/a/key"))
        assert heard.result() is Heard.CHANGED


def test_what_others_write_is_not_heard(home: HomeUnderTest, acme: TenantId, signal: ChangeSignal) -> None:
    for path in ("gateway2/key", "gatewa/key", "gateway/deep/key"):
        put_config(home, name_of(acme, path))
    put_config(home, name_of(home.tenant("globex")))
    put_secret(home, name_of(acme))
    assert signal.wait(acme, "gateway", {}, A_LOOK) is Heard.NOTHING
    assert signal.wait(acme, "gateway/*", {"gateway/deep": 1}, A_LOOK) is Heard.NOTHING


def test_no_time_is_one_look(home: HomeUnderTest, acme: TenantId, signal: ChangeSignal) -> None:
    assert signal.wait(acme, "*", {}, 0) is Heard.NOTHING
    put_config(home, name_of(acme))
    assert signal.wait(acme, "*", {}, 0) is Heard.CHANGED


def test_a_tenant_that_is_not_active_does_not_wait(home: HomeUnderTest, acme: TenantId, signal: ChangeSignal) -> None:
    home.suspend(acme)
    for glob in ("*", "gateway"):
        with pytest.raises(Unauthenticated):
            signal.wait(acme, glob, {}, LONG)
