"""Resolving: which layers make the answer, in which order, and what each leaf owes to whom."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from llm_config_domain import json_text
from llm_config_domain.configs.entries import ConfigVersion, Layers
from llm_config_domain.configs.merge import merge, merge_and_look, trace
from llm_config_domain.configs.special_values import LITERAL, SECRET, SPECIAL, SecretReference, parse_reference
from llm_config_domain.environments import SYSTEM, chain_to
from llm_config_domain.errors import NotFound
from llm_config_domain.json_text import Json
from llm_config_domain.names import PLATFORM, Name

Owner = Literal["platform", "tenant"]


@dataclass(frozen=True, slots=True)
class Layer:
    """`owner` is whose entry it is: `tenant` or `platform`."""

    owner: Owner
    entry: ConfigVersion

    @property
    def environment(self) -> str:
        return self.entry.name.environment


@dataclass(frozen=True)
class Resolution:
    """The answer for one key in one environment. `layers` are those present, lowest first, and never none."""

    environment: str
    revision: int
    layers: tuple[Layer, ...]

    @property
    def _values(self) -> list[Json]:
        return [layer.entry.json() for layer in self.layers]

    @property
    def value(self) -> Json:
        """The merged value; its references still stand in it."""
        return merge(self._values)

    @cached_property
    def text(self) -> str:
        """The JSON text of the merged value as a reader without secrets gets it: worked out once."""
        return json_text.write(self.rendered())

    def rendered(self, inject: "Inject | None" = None) -> Json:
        """The merged value as its reader gets it (see `render`)."""
        return rendered(self._values, inject)

    @property
    def version(self) -> int:
        return self.layers[-1].entry.version

    def etag(self, *also: Json) -> str:
        """Changes when any layer does: versions are immutable, so their numbers say everything. `also` is mixed in."""
        parts = [(layer.owner, layer.environment, layer.entry.id, layer.entry.version) for layer in self.layers]
        digest = hashlib.sha256(json_text.canonical([self.environment, parts, also]).encode())
        return f'"{digest.hexdigest()[:32]}"'

    def explain(self) -> dict[str, tuple[Layer, tuple[Layer, ...]]]:
        """For each leaf, by JSON Pointer: the layer that it came from, and the layers that it hides."""
        return {
            json_text.pointer(path): (
                self.layers[origin.layer],
                tuple(self.layers[shadow] for shadow in origin.shadows),
            )
            for path, origin in trace(self._values).items()
        }


def resolve(found: Layers, name: Name) -> Resolution:
    """Platform global, then the tenant's chain, then the platform's enforced layer. Raises NotFound when none is there.

    The platform's own configs have nothing above or below them. The same layers give the same resolution again.
    """
    known: Resolution | None = found.memo.get(name.environment)
    if known is None:
        known = found.memo[name.environment] = _resolution(found, name)
    return known


def _resolution(found: Layers, name: Name) -> Resolution:
    outer = {} if name.tenant == PLATFORM else found.platform
    stack: Sequence[tuple[Owner, ConfigVersion | None]] = [
        ("platform", outer.get("global")),
        *(("tenant", found.tenant.get(step)) for step in chain_to(name.environment)),
        ("platform", outer.get(SYSTEM)),
    ]
    layers = tuple(Layer(owner, entry) for owner, entry in stack if entry is not None and not entry.head.deleted)
    if not layers:
        raise NotFound("no layer of this environment has an entry of this name")
    return Resolution(name.environment, found.revision, layers)


Inject = Callable[[SecretReference, str, Json], Json]
"""(reference, JSON Pointer, the reference's own object) -> what stands in its place."""


def rendered(layers: Sequence[Json], inject: Inject | None = None) -> Json:
    """`render(merge(layers), inject)`; a value without special objects, as most are, is not walked a second time."""
    value, holds_special = merge_and_look(layers)
    return render(value, inject) if holds_special else value


def render(value: Json, inject: Inject | None = None) -> Json:
    """`value` as its reader gets it: `$literal` unwrapped, and what `inject` says in the place of each `$secret`.

    What holds no special object is not copied: it is the same object in the answer.
    """
    return _render(value, (), inject)


def _render(value: Json, path: tuple[str | int, ...], inject: Inject | None) -> Json:
    """Looks at objects and arrays alone: most of a value are texts and numbers, and cost no call."""
    members: Iterable[tuple[str | int, Json]]
    if value.__class__ is dict:
        if not SPECIAL.isdisjoint(value):
            return _special(value, path, inject)
        members = value.items()
    elif value.__class__ is list:
        members = enumerate(value)
    else:
        return value
    rendered = value
    for place, member in members:
        if member.__class__ is dict or member.__class__ is list:
            told = _render(member, (*path, place), inject)
            if told is not member:
                rendered = value.copy() if rendered is value else rendered
                rendered[place] = told
    return rendered


def _special(value: Json, path: tuple[str | int, ...], inject: Inject | None) -> Json:
    if LITERAL in value:
        return value[LITERAL]
    if SECRET in value and inject is not None:
        return inject(parse_reference(value[SECRET]), json_text.pointer(path), value)
    return value
