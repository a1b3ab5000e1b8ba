"""The key file of an embedded home: what it holds, and what it forgets."""

import json
from pathlib import Path
from typing import Any

import pytest

from llm_config_domain.errors import Unavailable
from llm_config_domain.names import TenantId
from llm_config_domain.tenants import Tier
from llm_config_local.adapters import key_file
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


def opened(directory: Path, clock: SteppedClock) -> dict[TenantId, bytes]:
    anew = KeyFile(directory, clock)
    return {tenant: anew.unwrapped(tenant, anew.usable(tenant)) for tenant in (ACME, GLOBEX)}


def test_a_new_master_key_wraps_the_same_keys_and_the_old_one_opens_them_no_more(
    keys: KeyFile, tmp_path: Path, clock: SteppedClock
) -> None:
    for tenant in (ACME, GLOBEX):
        keys.create(tenant, Tier.FREE)
    before, boxes, old = opened(tmp_path, clock), held(tmp_path), (tmp_path / "master.key").read_bytes()
    assert keys.rewrap() == 2
    assert {tenant: keys.unwrapped(tenant, keys.usable(tenant)) for tenant in before} == before
    assert opened(tmp_path, clock) == before
    assert (tmp_path / "master.key").read_bytes() != old
    assert not set(held(tmp_path).values()) & set(boxes.values())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["master.key", "tenant-keys.json"]
    (tmp_path / "master.key").write_bytes(old)
    with pytest.raises(Unavailable):
        opened(tmp_path, clock)


def test_a_disabled_key_stays_disabled_and_one_whose_time_has_come_is_not_wrapped_again(
    keys: KeyFile, tmp_path: Path, clock: SteppedClock
) -> None:
    for tenant in (ACME, GLOBEX):
        keys.create(tenant, Tier.FREE)
    keys.disable(ACME)
    keys.schedule_deletion(GLOBEX, 7)
    clock.step(7 * DAY + 1)
    assert keys.rewrap() == 1
    assert {tenant: told["disabled"] for tenant, told in held(tmp_path).items()} == {ACME: True}


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_crash_while_keys_are_wrapped_anew_loses_none(
    keys: KeyFile, tmp_path: Path, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch, step: int, when: str
) -> None:
    for tenant in (ACME, GLOBEX):
        keys.create(tenant, Tier.FREE)
    before, writes, write = opened(tmp_path, clock), [0], key_file.write_durably

    def crashing(path: Path, content: bytes) -> None:
        writes[0] += 1
        if writes[0] != step or when == "after":
            write(path, content)
        if writes[0] == step:
            raise KeyboardInterrupt

    monkeypatch.setattr(key_file, "write_durably", crashing)
    with pytest.raises(KeyboardInterrupt):
        keys.rewrap()
    monkeypatch.undo()
    assert opened(tmp_path, clock) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["master.key", "tenant-keys.json"]
