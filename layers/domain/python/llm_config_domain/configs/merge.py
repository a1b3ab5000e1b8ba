"""Merging layers: objects deep; scalars, arrays, special objects and changes of type replace.

`merge` is the plain rule; `trace` follows the same rule and tells, for each leaf, which layer it came from and which
layers it hides. A property test holds the two together. Inputs are never changed or shared: an answer that somebody
edits cannot reach into a cache.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from llm_config_domain.configs.special_values import SPECIAL, Path, is_special
from llm_config_domain.json_text import Json


@dataclass(frozen=True, slots=True)
class Origin:
    """`layer` is the index of the layer that a leaf came from; `shadows` are those that it hides, lowest first."""

    layer: int
    shadows: tuple[int, ...] = ()


_Tree: TypeAlias = "dict[str, _Tree] | Origin"


def merge(layers: Sequence[Json]) -> Json:
    """All `layers`, folded from the lowest. `{}` changes no plain object.

    Associative as long as no name is an object in one layer and something else in another; where one is, the fold
    from below decides: what a scalar has replaced does not come back with a later object.
    """
    return _merged(layers, [])


def merge_and_look(layers: Sequence[Json]) -> tuple[Json, bool]:
    """`merge(layers)`, and whether a special object stands anywhere in it."""
    specials: list[Json] = []
    return _merged(layers, specials), bool(specials)


def _merged(layers: Sequence[Json], specials: list[Json]) -> Json:
    """Puts the special objects that it meets into `specials`."""
    merged: dict[str, Json] = {}
    for layer in layers:
        if layer.__class__ is not dict:
            return _merged_on_top(layers, specials)
        merged |= layer
    if not SPECIAL.isdisjoint(merged):
        return _merged_on_top(layers, specials)
    for name, member in merged.items():
        if member.__class__ is dict:
            merged[name] = _merged([layer[name] for layer in layers if name in layer], specials)
        elif member.__class__ is list:
            merged[name] = _copy(member, specials)
    return merged


def _merged_on_top(layers: Sequence[Json], specials: list[Json]) -> Json:
    """The plain objects above the last layer that is none: what lies below that one is replaced."""
    last = max(index for index, layer in enumerate(layers) if not _is_plain_object(layer))
    return _merged(layers[last + 1 :], specials) if last + 1 < len(layers) else _copy(layers[last], specials)


def trace(layers: Sequence[Json]) -> dict[Path, Origin]:
    """The origin of each leaf of `merge(layers)`. A leaf is anything but an object with members."""
    value, tree = layers[0], _plant(layers[0], Origin(0))
    for index, overlay in enumerate(layers[1:], start=1):
        tree = _graft(value, tree, overlay, index)
        value = merge([value, overlay])
    return dict(_leaves(tree, ()))


def _copy(value: Json, specials: list[Json]) -> Json:
    """A copy that shares nothing that can be changed. Most members are texts and numbers, and cost no call."""
    members: Iterable[tuple[str | int, Json]]
    if value.__class__ is dict:
        members = value.items()
        if not SPECIAL.isdisjoint(value):
            specials.append(value)
    elif value.__class__ is list:
        members = enumerate(value)
    else:
        return value
    copied = value.copy()
    for place, member in members:
        if member.__class__ is dict or member.__class__ is list:
            copied[place] = _copy(member, specials)
    return copied


def _graft(value: Json, tree: _Tree, overlay: Json, layer: int) -> _Tree:
    """The origins of `overlay`, of `layer`, over `value`, whose origins are `tree`."""
    if not (_is_plain_object(value) and _is_plain_object(overlay)):
        return _plant(overlay, Origin(layer, _layers_of(tree)))
    if isinstance(tree, Origin):  # an object without members: a leaf until something lies over it
        return _plant(overlay, Origin(layer, _layers_of(tree))) if overlay else tree
    grown = dict(tree)
    for name, member in overlay.items():
        below = tree.get(name)
        grown[name] = _plant(member, Origin(layer)) if below is None else _graft(value[name], below, member, layer)
    return grown


def _plant(value: Json, origin: Origin) -> _Tree:
    if _is_plain_object(value) and value:
        return {name: _plant(member, origin) for name, member in value.items()}
    return origin


def _leaves(tree: _Tree, path: Path) -> Iterator[tuple[Path, Origin]]:
    if isinstance(tree, Origin):
        yield path, tree
    else:
        for name, below in tree.items():
            yield from _leaves(below, (*path, name))


def _layers_of(tree: _Tree) -> tuple[int, ...]:
    origins = [origin for _, origin in _leaves(tree, ())]
    return tuple(sorted({layer for origin in origins for layer in (origin.layer, *origin.shadows)}))


def _is_plain_object(value: Json) -> bool:
    return isinstance(value, dict) and not is_special(value)
