from collections.abc import Callable, Sequence
from typing import Protocol

from llm_config_domain.audit.checkpoints import Signed

Consistency = Callable[[int], Sequence[bytes]]
"""The proof that the tree of so many leaves begins the one of the checkpoint. Raises ValueError for a larger one."""


class Witnesses(Protocol):
    def cosign(self, signed: Signed, consistency: Consistency) -> Signed:
        """The checkpoint with the cosignature of each witness of this deployment that gave one, verified. Who does not
        answer in a few seconds, or refuses, is left out: a checkpoint is worth as much as without it."""
        ...
