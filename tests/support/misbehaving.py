"""A target that misbehaves on demand, and knows which credentials it takes."""

from collections.abc import Callable
from dataclasses import dataclass, field

from llm_config_domain.errors import TargetRefused, Unavailable
from llm_config_domain.rotation.entries import Turn
from llm_config_domain.secrets.values import Plaintext


class Died(BaseException):
    """The process ended here."""


@dataclass
class MisbehavingTarget:
    """`valid` are the credentials that it takes. What stands in `faults` happens at the next call of that method:
    `refuses`, `times_out`, `does_nothing` (and says yes), `dies_before`, `dies_after`."""

    valid: set[bytes] = field(default_factory=set)
    made: dict[str, bytes] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)
    seen: str | None = None
    calls: list[str] = field(default_factory=list)

    def create(self, turn: Turn, current: Plaintext) -> Plaintext:
        def make() -> None:
            self.valid.discard(self.made.pop(turn.rotation_id, b""))
            self.made[turn.rotation_id] = f'"credential {len(self.calls)} of {turn.rotation_id}"'.encode()

        self._called("create", make)
        return Plaintext(self.made[turn.rotation_id])

    def install(self, turn: Turn, pending: Plaintext) -> None:
        self._called("install", lambda: self.valid.add(pending.reveal))

    def test(self, turn: Turn, pending: Plaintext) -> None:
        def use() -> None:
            if pending.reveal not in self.valid:
                raise TargetRefused("the new credential is refused")

        self._called("test", use)

    def retire(self, turn: Turn, old: Plaintext) -> None:
        self._called("retire", lambda: self.valid.discard(old.reveal))

    def withdraw(self, turn: Turn, pending: Plaintext) -> None:
        self._called("withdraw", lambda: self.valid.discard(pending.reveal))

    def last_used(self, turn: Turn, old: Plaintext) -> str | None:
        self._called("last_used", lambda: None)
        return self.seen

    def _called(self, method: str, effect: Callable[[], None]) -> None:
        self.calls.append(method)
        fault = (self.faults.get(method) or [""]).pop(0)
        if fault == "dies_before":
            raise Died
        if fault == "refuses":
            raise TargetRefused("no")
        if fault == "times_out":
            raise Unavailable("no answer")
        if fault != "does_nothing":
            effect()
        if fault == "dies_after":
            raise Died
