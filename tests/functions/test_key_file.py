"""The key file of an embedded home: what it holds, and what it forgets."""

import json
from pathlib import Path
from typing import Any

import pytest

from llm_config_domain.errors import Unavailable
from llm_config_domain.names import TenantId
from llm_config_domain.tenants import Tier
from llm_config_local.adapters.key_file import KeyFile, master_key_provider
from tests.support.clocks import SteppedClock

ACME, GLOBEX = TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAV"), TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAW")
DAY = 24 * 3600


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
def keys(tmp_path: Path, clock: SteppedClock) -> KeyFile:
    return KeyFile(tmp_path, clock)


def held(directory: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((directory / "tenant-keys.json").read_text())
    return told


def test_a_key_in_use_is_its_box_alone_as_homes_from_before_have_it(keys: KeyFile, tmp_path: Path) -> None:
    keys.create(ACME, Tier.FREE)
    box = held(tmp_path)[ACME]
    keys.disable(ACME)
    assert held(tmp_path)[ACME] == {"box": box, "disabled": True, "gone_at": None}
    keys.enable(ACME)
    assert held(tmp_path) == {ACME: box}


def test_a_home_started_anew_knows_which_keys_are_disabled(keys: KeyFile, tmp_path: Path, clock: SteppedClock) -> None:
    keys.create(ACME, Tier.FREE)
    keys.disable(ACME)
    with pytest.raises(Unavailable):
        KeyFile(tmp_path, clock).usable(ACME)


def test_a_key_whose_time_has_come_opens_nothing_whatever_is_asked_of_it(
    keys: KeyFile, tmp_path: Path, clock: SteppedClock
) -> None:
    keys.create(ACME, Tier.FREE)
    keys.schedule_deletion(ACME, 7)
    clock.step(7 * DAY + 1)
    with pytest.raises(Unavailable):
        keys.usable(ACME)
    assert ACME in held(tmp_path)
    keys.create(GLOBEX, Tier.FREE)
    assert set(held(tmp_path)) == {GLOBEX}


def test_until_its_time_another_change_leaves_it(keys: KeyFile, tmp_path: Path, clock: SteppedClock) -> None:
    keys.create(ACME, Tier.FREE)
    keys.schedule_deletion(ACME, 7)
    clock.step(7 * DAY - 60)
    keys.create(GLOBEX, Tier.FREE)
    assert set(held(tmp_path)) == {ACME, GLOBEX}
    keys.cancel_deletion(ACME)
    keys.enable(ACME)
    assert keys.unwrapped(ACME, keys.usable(ACME))


def test_a_master_key_is_made_once_and_asked_for_each_time(keys: KeyFile) -> None:
    keys.create(ACME, Tier.FREE)
    provider = master_key_provider(keys)
    assert provider(ACME) is provider(ACME)
    keys.disable(ACME)
    with pytest.raises(Unavailable):
        provider(ACME)


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"01ARZ3NDEKTSV4RRFFQ69G5FAV": 1}', '{"01ARZ3NDEKTSV4RRFFQ69G5FAV": {"x": 1}}']
)
def test_a_file_that_is_none_of_ours_is_unavailable_and_stays(keys: KeyFile, tmp_path: Path, content: str) -> None:
    keys.create(ACME, Tier.FREE)
    (tmp_path / "tenant-keys.json").write_text(content)
    with pytest.raises(Unavailable):
        keys.usable(ACME)
    with pytest.raises(Unavailable):
        keys.create(GLOBEX, Tier.FREE)
    assert (tmp_path / "tenant-keys.json").read_text() == content
