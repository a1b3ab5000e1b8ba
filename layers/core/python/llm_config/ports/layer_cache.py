from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from llm_config_domain.configs.entries import Layers
from llm_config_domain.names import TenantId

ConfigKey = tuple[TenantId, str, str]
"""(tenant, namespace, key)."""
Level = Literal["l1", "l2", "store", "none"]
"""Who said what the layers are: memory alone, the store's pointers and the shared cache, the store alone; `none` where no
cache may hold them."""
Looks = tuple[tuple[str, str], ...]
"""What each cache came to: `l1` was a `hit`, `stale` (kept, and over its bound), a `miss`, or `joined` (somebody was asking);
`l2`, where it was looked into, a `hit`, a `miss`, or `open` (it did not answer, or failed a moment ago)."""
Question = Callable[[], tuple[Layers, Level]]


@dataclass(frozen=True, slots=True)
class Held:
    """`age_seconds`: how long ago it was certain that nothing newer had been written. `fresh`: within the bound."""

    layers: Layers
    age_seconds: float = 0.0
    fresh: bool = True
    level: Level = "l1"
    looks: Looks = (("l1", "hit"),)


class LayerCache(Protocol):
    """The layers of configs in this process's memory, bounded by entries and bytes. It never asks a store; secrets are
    never in it."""

    def find(self, key: ConfigKey) -> Held | None:
        """What is kept, fresh or not."""
        ...

    def ask(self, key: ConfigKey, question: Question, at_least: int) -> Held:
        """What `question` says, which is kept; asked once for all threads that want it at the same moment.

        Who comes while somebody asks is told what that one is told, unless the question was older than the bound or the
        answer has not reached the revision `at_least`: then it is asked anew, after this call began. What `question`
        raises, all who waited for it are told; it is not kept.
        """
        ...

    def now(self) -> float:
        """The moment before a store is asked, for `keep`: monotonic seconds."""
        ...

    def keep(self, key: ConfigKey, layers: Layers, asked_at: float) -> Held:
        """Keep what a store said when it was asked at `asked_at`, unless something newer is kept: a slow reader does
        not put an old value back. What was said is returned."""
        ...
