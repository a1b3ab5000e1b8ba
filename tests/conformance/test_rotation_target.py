"""ports/rotation_target.py, promise by promise, of every kind whose target is nobody's server. tests/targets has the rest."""

from typing import Any

import pytest

from llm_config_domain import json_text
from llm_config_domain.errors import TargetRefused
from llm_config_domain.names import Name, TenantId
from llm_config_domain.rotation.entries import Turn
from llm_config_domain.secrets.entries import SecretType
from llm_config_domain.secrets.recipes import reading as recipes
from llm_config_domain.secrets.values import Plaintext
from tests.support.families import HomeUnderTest
from tests.support.samples import name_of, put_secret

NOW = "2026-01-02T03:04:05Z"
CERTIFICATE = {"kind": "certificate", "common_name": "gateway.test", "seconds": 86400}
KINDS: dict[str, tuple[SecretType, dict[str, Any], Any]] = {
    "a text": (SecretType.GENERIC, {"kind": "generic"}, "old"),
    "an only text": (SecretType.GENERIC, {"kind": "generic"}, {"port": 1, "password": "old"}),
    "a member": (SecretType.GENERIC, {"kind": "generic", "member": "b"}, {"a": "x", "b": "old"}),
    "ssh_key": (SecretType.SSH_KEY, {"kind": "ssh_key"}, {"kind": "ssh_key"}),
    "jwt_signing_key": (SecretType.JWT_SIGNING_KEY, {"kind": "jwt_signing_key"}, {"kind": "jwt_signing_key"}),
    "certificate": (SecretType.CERTIFICATE, {"kind": "certificate", "recipe": CERTIFICATE}, CERTIFICATE),
    "key_pool": (SecretType.API_KEY, {"kind": "key_pool", "pool": "keys/pool"}, "sk-first-of-the-pool-0000000000"),
}
"""(the type, the target, the value, or of a key the recipe of one)."""
POOL = ["sk-first-of-the-pool-0000000000", "sk-second-of-the-pool-000000000", "sk-third-of-the-pool-0000000000"]


def turn(name: Name, secret_type: SecretType = SecretType.GENERIC, **target: Any) -> Turn:
    return Turn("01ARZ3NDEKTSV4RRFFQ69G5FAV", name, secret_type, {"kind": "generic", **target}, 2)


def value(plaintext: Plaintext) -> Any:
    return json_text.read(plaintext.reveal.decode())


def plain(told: Any) -> Plaintext:
    return Plaintext(json_text.write(told).encode())


def begun(home: HomeUnderTest, acme: TenantId, kind: str) -> tuple[Any, Turn, Plaintext]:
    """(the target, a turn at it, the credential in use)."""
    secret_type, target, told = KINDS[kind]
    put_secret(home, name_of(acme, "keys/pool"), json_text.write(POOL).encode())
    if isinstance(told, dict) and "kind" in told:
        made = home.provide("secret_generator").generate(recipes.read(told, NOW), None)
    else:
        made = plain(told)
    return home.provide("rotation_target"), turn(name_of(acme), secret_type, **target), made


@pytest.mark.parametrize("kind", KINDS)
def test_the_new_credential_is_another_one_and_every_step_may_come_twice(
    home: HomeUnderTest, acme: TenantId, kind: str
) -> None:
    target, one, current = begun(home, acme, kind)
    made = [target.create(one, current) for _ in range(2)][-1]
    assert value(made) != value(current)
    for _ in range(2):
        target.install(one, made)
        target.test(one, made)
    for _ in range(2):
        target.retire(one, current)
        target.withdraw(one, made)
    assert target.last_used(one, current) is None


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_beside_the_credential_stays(home: HomeUnderTest, acme: TenantId, kind: str) -> None:
    target, one, current = begun(home, acme, kind)
    told, made = value(current), value(target.create(one, current))
    assert type(made) is type(told)
    if isinstance(told, dict):
        assert made.keys() == told.keys()
        assert [made.get("a"), made.get("port")] == [told.get("a"), told.get("port")]


def test_a_generated_text_has_256_bits(home: HomeUnderTest, acme: TenantId) -> None:
    target, one, current = begun(home, acme, "a text")
    made = {value(target.create(one, current)) for _ in range(10)}
    assert len(made) == 10 and all(len(text) == 43 for text in made)  # 32 bytes as base64url


@pytest.mark.parametrize("told", [{"a": "x", "b": "y"}, {"a": 1}], ids=["two texts", "no text"])
def test_what_rotates_must_be_plain(home: HomeUnderTest, acme: TenantId, told: Any) -> None:
    with pytest.raises(TargetRefused):
        home.provide("rotation_target").create(turn(name_of(acme)), plain(told))


@pytest.mark.parametrize("kind", ["ssh_key", "jwt_signing_key", "certificate"])
def test_what_is_no_key_fails_its_test(home: HomeUnderTest, acme: TenantId, kind: str) -> None:
    target, one, _ = begun(home, acme, kind)
    with pytest.raises(TargetRefused):
        target.test(one, plain("no key"))


@pytest.mark.parametrize("method", ["create", "install", "test", "retire", "withdraw", "last_used"])
def test_a_kind_that_there_is_not_refuses_everything(home: HomeUnderTest, acme: TenantId, method: str) -> None:
    with pytest.raises(TargetRefused):
        getattr(home.provide("rotation_target"), method)(turn(name_of(acme), kind="carrier pigeon"), plain("x"))
