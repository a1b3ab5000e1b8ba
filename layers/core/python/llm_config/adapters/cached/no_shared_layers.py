"""No cache is shared: one process, or a deployment without one."""

from llm_config.ports.layer_cache import ConfigKey
from llm_config_domain.configs.entries import Layers, Pins


class NoSharedLayers:
    """Implements `shared_layers`: holds nothing."""

    def is_there(self) -> bool:
        return False

    def find(self, key: ConfigKey, pins: Pins) -> Layers | None:
        return None

    def keep(self, key: ConfigKey, layers: Layers) -> None:
        pass
