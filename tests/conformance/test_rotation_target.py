"""ports/rotation_target.py, promise by promise, of the kind that every home has: `generic`."""

from typing import Any

import pytest

from llm_config_domain import json_text
from llm_config_domain.errors import TargetRefused
from llm_config_domain.names import Name, TenantId
from llm_config_domain.rotation.entries import Turn
from llm_config_domain.secrets.entries import SecretType
from llm_config_domain.secrets.values import Plaintext
from tests.support.families import HomeUnderTest
from tests.support.samples import name_of


def turn(name: Name, **target: Any) -> Turn:
    return Turn("01ARZ3NDEKTSV4RRFFQ69G5FAV", name, SecretType.GENERIC, {"kind": "generic", **target}, 2)


def value(plaintext: Plaintext) -> Any:
    return json_text.read(plaintext.reveal.decode())


def plain(told: Any) -> Plaintext:
    return Plaintext(json_text.write(told).encode())


def test_each_credential_is_new_strong_and_passes_its_test(home: HomeUnderTest, acme: TenantId) -> None:
    target, one = home.provide("rotation_target"), turn(name_of(acme))
    made = [target.create(one, plain("old")) for _ in range(2)]
    assert len({value(each) for each in made}) == 2 and all(len(value(each)) == 64 for each in made)
    for _ in range(2):
        target.install(one, made[1])
        target.test(one, made[1])
        target.retire(one, plain("old"))
        target.withdraw(one, made[1])
    assert target.last_used(one, plain("old")) is None


@pytest.mark.parametrize(
    ("told", "target"),
    [
        pytest.param({"user": 1, "password": "old"}, {}, id="its only text"),
        pytest.param({"user": "ana", "password": "old"}, {"member": "password"}, id="the member that is named"),
    ],
)
def test_of_an_object_one_member_rotates(
    home: HomeUnderTest, acme: TenantId, told: Any, target: dict[str, str]
) -> None:
    one = turn(name_of(acme), **target)
    made = home.provide("rotation_target").create(one, plain(told))
    assert value(made)["user"] == told["user"] and len(value(made)["password"]) == 64
    home.provide("rotation_target").test(one, made)


@pytest.mark.parametrize("told", [{"a": "x", "b": "y"}, {"a": 1}], ids=["two texts", "no text"])
def test_what_rotates_must_be_plain(home: HomeUnderTest, acme: TenantId, told: Any) -> None:
    with pytest.raises(TargetRefused):
        home.provide("rotation_target").create(turn(name_of(acme)), plain(told))


@pytest.mark.parametrize("weak", ["", "short", "a" * 64, 12, None])
def test_a_weak_value_fails_its_test(home: HomeUnderTest, acme: TenantId, weak: Any) -> None:
    with pytest.raises(TargetRefused):
        home.provide("rotation_target").test(turn(name_of(acme)), plain(weak))


@pytest.mark.parametrize("method", ["create", "install", "test", "retire", "withdraw", "last_used"])
def test_a_kind_that_there_is_not_refuses_everything(home: HomeUnderTest, acme: TenantId, method: str) -> None:
    with pytest.raises(TargetRefused):
        getattr(home.provide("rotation_target"), method)(turn(name_of(acme), kind="carrier pigeon"), plain("x"))
