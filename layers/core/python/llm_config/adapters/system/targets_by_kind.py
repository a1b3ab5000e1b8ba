"""The target of a rotation, by the kind that its secret's settings name."""

from collections.abc import Callable, Mapping

from llm_config.ports.rotation_target import RotationTarget
from llm_config_domain.errors import TargetRefused
from llm_config_domain.rotation.entries import Turn
from llm_config_domain.secrets.values import Plaintext

Factories = Mapping[str, Callable[[], RotationTarget]]


class TargetsByKind:
    """Implements `rotation_target`. An adapter is made, and its driver imported, at the first turn of its kind."""

    def __init__(self, factories: Factories) -> None:
        self._factories, self._made = factories, dict[str, RotationTarget]()

    def create(self, turn: Turn, current: Plaintext) -> Plaintext:
        return self._of(turn).create(turn, current)

    def install(self, turn: Turn, pending: Plaintext) -> None:
        self._of(turn).install(turn, pending)

    def test(self, turn: Turn, pending: Plaintext) -> None:
        self._of(turn).test(turn, pending)

    def retire(self, turn: Turn, old: Plaintext) -> None:
        self._of(turn).retire(turn, old)

    def withdraw(self, turn: Turn, pending: Plaintext) -> None:
        self._of(turn).withdraw(turn, pending)

    def last_used(self, turn: Turn, old: Plaintext) -> str | None:
        return self._of(turn).last_used(turn, old)

    def _of(self, turn: Turn) -> RotationTarget:
        kind = str(turn.target.get("kind"))
        if kind not in self._factories:
            raise TargetRefused(f"a rotation's target is one of the kinds {', '.join(sorted(self._factories))}")
        if kind not in self._made:
            self._made[kind] = self._factories[kind]()
        return self._made[kind]
