"""No cache is shared: one process, or a deployment without one."""

from llm_config.ports.layer_cache import ConfigKey
from llm_config.ports.shared_layers import State
from llm_config_domain.configs.entries import Layers, Pins


class NoSharedLayers:
    """Implements `shared_layers`: holds nothing."""

    def state(self) -> State:
        return "none"

    def find(self, key: ConfigKey, pins: Pins) -> Layers | None:
        return None

    def keep(self, key: ConfigKey, layers: Layers) -> None:
        pass
