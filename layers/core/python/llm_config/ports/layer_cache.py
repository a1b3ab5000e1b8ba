from dataclasses import dataclass
from typing import Protocol

from llm_config_domain.configs.entries import Layers
from llm_config_domain.names import TenantId

ConfigKey = tuple[TenantId, str, str]
"""(tenant, namespace, key)."""


@dataclass(frozen=True, slots=True)
class Held:
    """`age_seconds`: how long ago it was certain that nothing newer had been written. `fresh`: within the bound."""

    layers: Layers
    age_seconds: float = 0.0
    fresh: bool = True


class LayerCache(Protocol):
    """The layers of configs in this process's memory, bounded by entries and bytes. It never asks a store; secrets are
    never in it."""

    def find(self, key: ConfigKey) -> Held | None:
        """What is kept, fresh or not."""
        ...

    def now(self) -> float:
        """The moment before a store is asked, for `keep`: monotonic seconds."""
        ...

    def keep(self, key: ConfigKey, layers: Layers, asked_at: float) -> Held:
        """Keep what a store said when it was asked at `asked_at`, unless something newer is kept: a slow reader does
        not put an old value back. What was said is returned."""
        ...
