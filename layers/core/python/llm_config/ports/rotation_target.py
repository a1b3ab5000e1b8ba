from typing import Protocol

from llm_config_domain.rotation.entries import Turn
from llm_config_domain.secrets.values import Plaintext


class RotationTarget(Protocol):
    """The system in which a secret's credential is valid. Every method may be called twice with the same `Turn`: the
    second call does no more. Raises TargetRefused (it answered no, or yes and did nothing), Unavailable."""

    def create(self, turn: Turn, current: Plaintext) -> Plaintext:
        """A new credential. Whatever an earlier try of this turn left is removed first."""
        ...

    def install(self, turn: Turn, pending: Plaintext) -> None:
        """The new credential is valid at the target from now on, beside the current one."""
        ...

    def test(self, turn: Turn, pending: Plaintext) -> None:
        """A real use of it."""
        ...

    def retire(self, turn: Turn, old: Plaintext) -> None:
        """The old credential is refused from now on."""
        ...

    def withdraw(self, turn: Turn, pending: Plaintext) -> None:
        """As if it had never been."""
        ...

    def last_used(self, turn: Turn, old: Plaintext) -> str | None:
        """When the target saw the old credential last, RFC 3339; None when it cannot tell."""
        ...
