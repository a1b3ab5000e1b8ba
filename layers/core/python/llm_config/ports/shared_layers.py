from typing import Literal, Protocol

from llm_config.ports.layer_cache import ConfigKey
from llm_config_domain.configs.entries import Layers, Pins

State = Literal["none", "open", "closed"]


class SharedLayers(Protocol):
    """The layers of configs in a cache that all containers of a deployment share; secrets are never in it.

    It is asked only for what stands at revisions that the store has named a moment ago, so nothing stale comes out of
    it. It may forget anything at any time, and nothing here raises: what cannot be reached holds nothing.
    """

    def state(self) -> State:
        """`none`: there is no such cache. `open`: it failed a moment ago, and is left alone for a while. `closed`: asking is
        worth while."""
        ...

    def find(self, key: ConfigKey, pins: Pins) -> Layers | None:
        """What is kept of exactly these revisions."""
        ...

    def keep(self, key: ConfigKey, layers: Layers) -> None:
        """Keep what the store said, unless something newer is kept: a slow reader does not put an old value back."""
        ...
