"""The layers of a key from memory, for as long as they may be believed unasked; then asked about by their pointers."""

from dataclasses import replace

from llm_config.ports.config_reader import ConfigReader
from llm_config.ports.layer_cache import ConfigKey, Held, LayerCache, Level
from llm_config.ports.shared_layers import SharedLayers
from llm_config_domain.configs.entries import Layers, Pins
from llm_config_domain.errors import Malformed
from llm_config_domain.names import Name


def held_layers(
    name: Name,
    reader: ConfigReader,
    cache: LayerCache,
    shared: SharedLayers,
    *,
    no_cache: bool = False,
    at_least: int = 0,
) -> Held:
    """Fresh in memory, and of the revision `at_least`: no question. Else the revisions that it depends on are asked for,
    and what is kept of exactly those stands, in memory or in the shared cache. Else, and past every cache with
    `no_cache`: read. What many threads want at the same moment is asked for once, but with `no_cache`.

    Raises Malformed for a revision that the namespace has not reached, and what the reader raises, whatever is kept.
    """
    key = (name.tenant, name.namespace, name.key)
    held = None if no_cache else cache.find(key)
    if held is not None and held.fresh and held.layers.revision >= at_least:
        return held
    told = (
        _past_caches(key, reader, cache, shared) if no_cache else _renewed(key, held, reader, cache, shared, at_least)
    )
    if told.layers.revision < at_least:
        raise Malformed("`min_revision` names a revision that this namespace has not reached")
    return told


def _past_caches(key: ConfigKey, reader: ConfigReader, cache: LayerCache, shared: SharedLayers) -> Held:
    asked_at = cache.now()
    layers, level = _read(key, reader, shared)
    cache.keep(key, layers, asked_at)
    return Held(layers, level=level, looks=())


def _renewed(
    key: ConfigKey, held: Held | None, reader: ConfigReader, cache: LayerCache, shared: SharedLayers, at_least: int
) -> Held:
    looks = {"l1": "joined"}

    def question() -> tuple[Layers, Level]:
        looks["l1"] = "stale" if held else "miss"
        return _asked(key, held, reader, shared, looks)

    told = cache.ask(key, question, at_least)
    return replace(told, looks=tuple(looks.items()))


def _asked(
    key: ConfigKey, held: Held | None, reader: ConfigReader, shared: SharedLayers, looks: dict[str, str]
) -> tuple[Layers, Level]:
    state = shared.state()
    if state == "open":
        looks["l2"] = "open"
    if held is None and state != "closed":
        return _read(key, reader, shared)
    pins = reader.pins(*key[:2])
    if held is not None and pins == held.layers.pins:
        return held.layers.bound_by(pins), "store"
    found = shared.find(key, pins)
    if state == "closed":
        looks["l2"] = "hit" if found else "miss" if shared.state() == "closed" else "open"
    return (found, "l2") if found else _read(key, reader, shared, pins)


def _read(key: ConfigKey, reader: ConfigReader, shared: SharedLayers, pins: Pins | None = None) -> tuple[Layers, Level]:
    layers = reader.layers(*key, pins)
    shared.keep(key, layers)
    return layers, "store"
