"""The layers of a key from memory, for as long as they may be believed unasked; then asked about by their pointers."""

from typing import Literal

from llm_config.ports.config_reader import ConfigReader
from llm_config.ports.layer_cache import ConfigKey, Held, LayerCache
from llm_config_domain.errors import Malformed
from llm_config_domain.names import Name

Found = tuple[Held, Literal["l1", "store", "none"]]
"""The layers, and whether memory alone said so or the store was asked; `none` where no memory may hold them."""


def held_layers(
    name: Name, reader: ConfigReader, cache: LayerCache, *, no_cache: bool = False, at_least: int = 0
) -> Found:
    """Fresh in memory, and of the revision `at_least`: no question. Else the two revisions that it depends on are asked
    for, and it stands if they do. Else, and past every cache with `no_cache`: read.

    Raises Malformed for a revision that the namespace has not reached, and what the reader raises, whatever is kept.
    """
    key = (name.tenant, name.namespace, name.key)
    held = None if no_cache else cache.find(key)
    if held is not None and held.fresh and held.layers.revision >= at_least:
        return held, "l1"
    held = _asked(key, held, reader, cache)
    if held.layers.revision < at_least:
        raise Malformed("`min_revision` names a revision that this namespace has not reached")
    return held, "store"


def _asked(key: ConfigKey, held: Held | None, reader: ConfigReader, cache: LayerCache) -> Held:
    asked_at, pins = cache.now(), None
    if held is not None:
        pins = reader.pins(*key[:2])
        if pins == held.layers.pins:
            return cache.keep(key, held.layers, asked_at)
    return cache.keep(key, reader.layers(*key, pins), asked_at)
