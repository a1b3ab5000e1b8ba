"""The target of a secret that no other system knows: a new value is made here, and nobody need be told."""

from llm_config.ports.identifiers import Identifiers
from llm_config_domain import json_text
from llm_config_domain.errors import TargetRefused
from llm_config_domain.rotation.entries import Turn
from llm_config_domain.secrets.values import Plaintext

WEAKEST = 32
"""Characters of a generated text: 128 bits as hex digits."""


class GenericTarget:
    """Implements `rotation_target`. A text becomes another one of 256 bits; of an object the member that the target's
    `member` names does, or its only text."""

    def __init__(self, identifiers: Identifiers) -> None:
        self._identifiers = identifiers

    def create(self, turn: Turn, current: Plaintext) -> Plaintext:
        value, new = json_text.read(current.reveal.decode()), self._identifiers.secret()
        if isinstance(value, dict):
            return _plain({**value, _member(turn, value): new})
        return _plain(new)

    def install(self, turn: Turn, pending: Plaintext) -> None:
        """There is nobody to tell."""

    def test(self, turn: Turn, pending: Plaintext) -> None:
        value = json_text.read(pending.reveal.decode())
        made = value[_member(turn, value)] if isinstance(value, dict) else value
        if not isinstance(made, str) or len(set(made)) < 2 or len(made) < WEAKEST:
            raise TargetRefused("the new value is too weak")

    def retire(self, turn: Turn, old: Plaintext) -> None:
        """Nobody can be told that the old value is worth nothing."""

    def withdraw(self, turn: Turn, pending: Plaintext) -> None:
        """Nobody knew of it."""

    def last_used(self, turn: Turn, old: Plaintext) -> str | None:
        return None


def _member(turn: Turn, value: dict[str, object]) -> str:
    """Raises TargetRefused where it is not said, and not plain."""
    texts = [name for name, held in value.items() if isinstance(held, str)]
    named = turn.target.get("member", texts[0] if len(texts) == 1 else None)
    if named not in value:
        raise TargetRefused("say which member of the value rotates: `member` of the rotation's target")
    return str(named)


def _plain(value: object) -> Plaintext:
    return Plaintext(json_text.write(value).encode())
