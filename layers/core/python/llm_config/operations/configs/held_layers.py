"""The layers of a key from memory, for as long as they may be believed unasked; then asked about by their pointers."""

from typing import Literal

from llm_config.ports.config_reader import ConfigReader
from llm_config.ports.layer_cache import Held, LayerCache
from llm_config_domain.names import Name

Found = tuple[Held, Literal["l1", "store"]]
"""The layers, and whether memory alone said so or the store was asked."""


def held_layers(name: Name, reader: ConfigReader, cache: LayerCache, *, no_cache: bool) -> Found:
    """Fresh in memory: no question. Kept for longer: the two revisions that it depends on are asked for, and it stands
    if they do. Else, and past every cache with `no_cache`: read. Raises what the reader raises, whatever is kept."""
    key = (name.tenant, name.namespace, name.key)
    held = None if no_cache else cache.find(key)
    if held is not None and held.fresh:
        return held, "l1"
    asked_at, pins = cache.now(), None
    if held is not None:
        pins = reader.pins(name.tenant, name.namespace)
        if pins == held.layers.pins:
            return cache.keep(key, held.layers, asked_at), "store"
    return cache.keep(key, reader.layers(*key, pins), asked_at), "store"
