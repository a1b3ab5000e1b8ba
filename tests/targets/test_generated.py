"""Secrets that are made here: each as the current one is, new, and worth its type."""

from typing import Any

import pytest

from llm_config.adapters.pyca.key_inspector import PycaKeyInspector
from llm_config.adapters.pyca.secret_generator import PycaSecretGenerator
from llm_config.adapters.targets.generated import GeneratedTarget
from llm_config_domain import times
from llm_config_domain.errors import TargetRefused
from llm_config_domain.secrets.entries import SecretType
from llm_config_domain.secrets.recipes.keys import CertificateRecipe
from llm_config_domain.secrets.types.forms import accepted
from tests.support.clocks import StillClock
from tests.support.key_texts import key, pem
from tests.support.turns import AskedTurn, opened, sealed

NOW = "2026-01-02T03:04:05.000Z"
AUTHORITY = CertificateRecipe(common_name="ours", begins_at=NOW, seconds=86400, is_authority=True)
LEAF = {"kind": "certificate", "common_name": "db", "seconds": 3600, "names": ["db.internal"]}


@pytest.fixture(scope="module")
def target() -> GeneratedTarget:
    generator = PycaSecretGenerator()
    authority = generator.generate(AUTHORITY)
    return GeneratedTarget(generator, PycaKeyInspector(), StillClock(times.parse(NOW)), lambda turn: authority)


def rotated(target: GeneratedTarget, kind: str, value: Any, **options: Any) -> Any:
    turn = AskedTurn(secret_type=SecretType(kind), target=options)
    pending = target.create(turn, sealed(value))
    target.install(turn, pending)
    target.test(turn, pending)
    target.retire(turn, sealed(value))
    target.withdraw(turn, pending)
    assert target.last_used(turn, sealed(value)) is None
    assert opened(pending) != value
    return opened(pending)


def known(kind: str, value: Any) -> Any:
    return accepted(SecretType(kind), value, NOW, PycaKeyInspector().inspect).computed


@pytest.mark.parametrize(
    ("kind", "value", "options", "member"),
    [
        ("generic", "old", {}, None),
        ("api_key", {"key": "old", "provider": "ours"}, {}, "key"),
        ("database_credentials", {"username": "u", "password": "old"}, {}, "password"),
        ("generic", {"a": 1, "b": "old"}, {}, "b"),
        ("generic", {"a": "1", "b": "old"}, {"member": "b"}, "b"),
    ],
)
def test_a_text_is_made_in_its_place(
    target: GeneratedTarget, kind: str, value: Any, options: dict[str, Any], member: str | None
) -> None:
    new = rotated(target, kind, value, **options)
    assert len(new[member] if member else new) == 43
    if member:
        assert {**new, member: None} == {**value, member: None}


def test_a_recipe_says_what_is_made(target: GeneratedTarget) -> None:
    new = rotated(target, "generic", "old", recipe={"kind": "password", "length": 50, "alphabet": "abcdefgh"})
    assert len(new) == 50 and set(new) <= set("abcdefgh")


@pytest.mark.parametrize(
    ("kind", "told"), [("rsa-2048", ("rsa", 3072)), ("P-384", ("ecdsa", 384)), ("ed25519", ("ed25519", 256))]
)
def test_an_ssh_key_stays_of_its_kind(target: GeneratedTarget, kind: str, told: tuple[str, int]) -> None:
    new = rotated(target, "ssh_key", pem(key(kind)))
    assert (known("ssh_key", new)["algorithm"], known("ssh_key", new)["bits"]) == told
    shown = rotated(target, "ssh_key", {"private_key": pem(key(kind)), "comment": "c"})
    assert set(shown) == {"private_key", "comment"}


def test_a_signing_key_keeps_its_algorithm_and_never_its_name(target: GeneratedTarget) -> None:
    assert known("jwt_signing_key", rotated(target, "jwt_signing_key", pem(key("P-256"))))["algorithm"] == "ES256"
    old = {"algorithm": "PS256", "private_key": pem(key("rsa-2048")), "kid": "2025"}
    new = rotated(target, "jwt_signing_key", old)
    assert (new["algorithm"], new["kid"]) == ("PS256", AskedTurn().rotation_id)
    shared = rotated(target, "jwt_signing_key", {"algorithm": "HS256", "secret": "s" * 32})
    assert set(shared) == {"algorithm", "secret"}


@pytest.mark.parametrize("value", ["-----BEGIN", {"certificate": "c", "private_key": "k"}], ids=["text", "object"])
def test_a_certificate_is_of_the_authority_that_the_options_name(target: GeneratedTarget, value: Any) -> None:
    new = rotated(target, "certificate", value, recipe=LEAF, authority="tls/authority")
    assert known("certificate", new)["not_after"] == "2026-01-02T04:04:05.000Z"


@pytest.mark.parametrize(
    ("kind", "value", "options"),
    [
        pytest.param("generic", {"a": "b", "c": "d"}, {}, id="no member"),
        pytest.param("generic", {"a": "b"}, {"member": "c"}, id="another member"),
        pytest.param("certificate", pem(key("ed25519")), {}, id="no recipe"),
        pytest.param("generic", "x", {"recipe": {"kind": "password", "length": 3}}, id="a weak recipe"),
        pytest.param("certificate", "x", {"recipe": {**LEAF, "seconds": 90000}, "authority": "a"}, id="outlives its authority"),
    ],
)  # fmt: skip
def test_what_cannot_be_made_is_refused(
    target: GeneratedTarget, kind: str, value: Any, options: dict[str, Any]
) -> None:
    with pytest.raises(TargetRefused):
        target.create(AskedTurn(secret_type=SecretType(kind), target=options), sealed(value))


def test_what_is_not_worth_its_type_fails_its_test(target: GeneratedTarget) -> None:
    with pytest.raises(TargetRefused) as refused:
        target.test(AskedTurn(secret_type=SecretType.SSH_KEY), sealed({"private_key": "canary"}))
    assert "canary" not in repr((refused.value.detail, refused.value.violations))
