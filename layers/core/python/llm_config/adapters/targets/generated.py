"""Secrets that are made here and that no other system has to be told of: texts, SSH keys, JWT signing keys, certificates
of a private authority.

Who checks tokens takes the public keys of all versions that may be read (`computed.public_jwk` of a secret's versions):
the old one stands there as long as its version does.
"""

from collections.abc import Callable, Mapping
from typing import Any

from llm_config.adapters.targets.turns import Credential, Turn, plain, read
from llm_config.ports.clock import Clock
from llm_config.ports.key_inspector import KeyInspector
from llm_config.ports.secret_generator import SecretGenerator
from llm_config_domain import json_text, times
from llm_config_domain.errors import Refusal, TargetRefused, ValueRefused
from llm_config_domain.json_text import Json
from llm_config_domain.secrets.entries import SecretType
from llm_config_domain.secrets.recipes import reading as recipes
from llm_config_domain.secrets.recipes.reading import Recipe
from llm_config_domain.secrets.types.forms import accepted
from llm_config_domain.secrets.types.reading import Computed
from llm_config_domain.secrets.values import Plaintext


class GeneratedTarget:
    """Implements `rotation_target`. The option `recipe` says what is made; without it, it is as the current value is.
    The option `member` says which member of an object is made anew, where its type does not and there are several texts.
    `authority` is asked for a private authority where the options name one."""

    def __init__(
        self, generator: SecretGenerator, inspector: KeyInspector, clock: Clock, authority: Credential
    ) -> None:
        self._generator, self._inspector, self._clock, self._authority = generator, inspector, clock, authority

    def create(self, turn: Turn, current: Plaintext) -> Plaintext:
        told = read(current)
        authority = self._authority(turn) if turn.target.get("authority") else None
        try:
            made = self._generator.generate(self._recipe(turn, told), authority)
        except ValueRefused as refused:
            raise TargetRefused(refused.detail, violations=refused.violations) from None
        return plain(_SHAPED.get(turn.secret_type, _text_shaped)(turn, told, json_text.read(made.reveal.decode())))

    def install(self, turn: Turn, pending: Plaintext) -> None:
        """There is nobody to tell."""

    def test(self, turn: Turn, pending: Plaintext) -> None:
        """It is what its type says: keys sign, certificates hold."""
        try:
            self._known(turn, read(pending))
        except TargetRefused:
            raise
        except Refusal as refused:
            raise TargetRefused("the new value is none of its type", violations=refused.violations) from None

    def retire(self, turn: Turn, old: Plaintext) -> None:
        """Whoever holds its public half is told by the secret's versions."""

    def withdraw(self, turn: Turn, pending: Plaintext) -> None:
        """Nobody knew of it."""

    def last_used(self, turn: Turn, old: Plaintext) -> str | None:
        return None

    def _recipe(self, turn: Turn, current: Json) -> Recipe:
        """Raises TargetRefused, ValueRefused."""
        said = turn.target.get("recipe")
        if said is None:
            said = _as_it_is(turn.secret_type, self._known(turn, current))
        return recipes.read(said, self._now())

    def _known(self, turn: Turn, value: Json) -> Computed:
        return accepted(turn.secret_type, value, self._now(), self._inspector.inspect).computed

    def _now(self) -> str:
        return times.rfc3339(self._clock.now())


def _as_it_is(kind: SecretType, known: Computed) -> dict[str, Any]:
    if kind is SecretType.SSH_KEY:
        return {"kind": "ssh_key", "algorithm": _ssh_algorithm(known["algorithm"], known["bits"])}
    if kind is SecretType.JWT_SIGNING_KEY:
        return {"kind": "jwt_signing_key", "algorithm": known["algorithm"]}
    if kind is SecretType.CERTIFICATE:
        raise TargetRefused("say what the certificate is for: the option `recipe` of the rotation's target")
    return {"kind": "token"}


def _ssh_algorithm(algorithm: str, bits: int) -> str:
    """At least as strong as it was, and RSA with the 3,072 bits of today."""
    if algorithm == "rsa":
        return "rsa-3072" if bits <= 3072 else "rsa-4096"
    return f"P-{bits}" if algorithm == "ecdsa" else algorithm


def _ssh_shaped(turn: Turn, told: Json, made: Mapping[str, str]) -> Json:
    if isinstance(told, str):
        return made["private_key"]
    return {**told, **{name: text for name, text in made.items() if name in ("private_key", *told)}}


def _jwt_shaped(turn: Turn, told: Json, made: Mapping[str, str]) -> Json:
    """A new key never bears the old one's name: who keeps keys by `kid` would check with the wrong one."""
    if isinstance(told, str):
        return made["private_key"]
    return {**made, "kid": turn.rotation_id} if "kid" in told else dict(made)


def _certificate_shaped(turn: Turn, told: Json, made: Mapping[str, Any]) -> Json:
    if isinstance(told, str):
        return "".join([made["certificate"], *made["chain"], made["private_key"]])
    return dict(made)


def _text_shaped(turn: Turn, told: Json, made: Json) -> Json:
    if not isinstance(told, dict):
        return made
    texts = [name for name, held in told.items() if isinstance(held, str)]
    only = texts[0] if len(texts) == 1 else None
    default = {SecretType.API_KEY: "key", SecretType.DATABASE_CREDENTIALS: "password"}.get(turn.secret_type, only)
    member = turn.target.get("member", default)
    if not isinstance(member, str) or member not in told:
        raise TargetRefused("say which member of the value is made anew: the option `member` of the rotation's target")
    return {**told, member: made}


_SHAPED: Mapping[SecretType, Callable[[Turn, Json, Any], Json]] = {
    SecretType.SSH_KEY: _ssh_shaped,
    SecretType.JWT_SIGNING_KEY: _jwt_shaped,
    SecretType.CERTIFICATE: _certificate_shaped,
}
