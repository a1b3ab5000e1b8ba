from typing import Protocol

from llm_config.ports.layer_cache import ConfigKey
from llm_config_domain.configs.entries import Layers, Pins


class SharedLayers(Protocol):
    """The layers of configs in a cache that all containers of a deployment share; secrets are never in it.

    It is asked only for what stands at revisions that the store has named a moment ago, so nothing stale comes out of
    it. It may forget anything at any time, and nothing here raises: what cannot be reached holds nothing.
    """

    def is_there(self) -> bool:
        """Whether asking is worth while: there is such a cache, and it answers."""
        ...

    def find(self, key: ConfigKey, pins: Pins) -> Layers | None:
        """What is kept of exactly these revisions."""
        ...

    def keep(self, key: ConfigKey, layers: Layers) -> None:
        """Keep what the store said, unless something newer is kept: a slow reader does not put an old value back."""
        ...
