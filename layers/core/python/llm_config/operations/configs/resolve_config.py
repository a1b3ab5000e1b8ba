"""Resolve a config along the environment chain, with its secrets when they are asked for and allowed."""

from llm_config.operations.configs.held_layers import held_layers
from llm_config.operations.operation import Answer, Context, Disclosure, Operation, Recorded
from llm_config.ports.config_reader import ConfigReader
from llm_config.ports.layer_cache import Held, LayerCache
from llm_config.ports.secret_reader import SecretReader
from llm_config.ports.shared_layers import SharedLayers
from llm_config.ports.unsealer import Unsealer
from llm_config_contract.resolved import (
    LayerView,
    LeafOrigin,
    ResolveConfigRequest,
    ResolvedConfig,
)
from llm_config_domain import json_text
from llm_config_domain.configs.resolve import Layer, Resolution, resolve
from llm_config_domain.configs.special_values import SecretReference
from llm_config_domain.errors import Malformed, NotFound, ValueRefused, Violation
from llm_config_domain.json_text import Json
from llm_config_domain.names import Name
from llm_config_domain.policy import Resource, decide
from llm_config_domain.versions import Moment


def resolve_config(
    request: ResolveConfigRequest,
    context: Context,
    *,
    config_reader: ConfigReader,
    layer_cache: LayerCache,
    shared_layers: SharedLayers,
    secret_reader: SecretReader,
    unsealer: Unsealer,
) -> Answer:
    name = context.name(request.path, request.environment)
    held = _held(request, name, config_reader, layer_cache, shared_layers)
    resolution = resolve(held.layers, name)
    injected = _Injection(context, name, secret_reader, unsealer)
    reveals = request.secrets == "reveal"
    value = resolution.rendered(injected) if reveals else json_text.written(resolution.text)
    body = _view(request, resolution, value, _etag(request, resolution, injected), held)
    return Answer(
        body,
        etag=body.etag,
        disclosed=tuple(injected.disclosed),
        metadata={"version": resolution.version, "revision": resolution.revision},
        cache_level=held.level,
        looks=held.looks,
        believed=_believed(held),
    )


def _believed(held: Held) -> tuple[int, int] | None:
    """What the namespace says of it, if it does."""
    bound = held.layers.bound_seconds
    return None if bound is None else (bound, int(held.age_seconds))


def _held(
    request: ResolveConfigRequest, name: Name, reader: ConfigReader, cache: LayerCache, shared: SharedLayers
) -> Held:
    if request.as_of is None:
        at_least = request.min_revision or 0
        return held_layers(name, reader, cache, shared, no_cache=request.no_cache, at_least=at_least)
    if request.secrets is not None:
        raise Malformed("secrets are shown as they are now: leave out `secrets`, or `as_of`")
    return Held(
        reader.layers_at(name.tenant, name.namespace, name.key, Moment.read(request.as_of)), level="none", looks=()
    )


class _Injection:
    """Puts secrets where references stand, each read once; a reference that the caller may not follow stays."""

    def __init__(self, context: Context, config: Name, reader: SecretReader, unsealer: Unsealer) -> None:
        self._context, self._config, self._reader, self._unsealer = context, config, reader, unsealer
        self._opened: dict[SecretReference, Json] = {}
        self.disclosed: list[Disclosure] = []

    def __call__(self, reference: SecretReference, pointer: str, original: Json) -> Json:
        resource = Resource("secrets", reference.path, self._config.environment)
        if not decide(self._context.caller, "read", resource).allowed:
            return original
        if reference not in self._opened:
            self._opened[reference] = self._open(reference, pointer)
        return self._opened[reference]

    def _open(self, reference: SecretReference, pointer: str) -> Json:
        name = self._context.name(reference.path, self._config.environment)
        try:
            found = self._reader.entry(name, reference.version)
        except NotFound:
            violation = Violation(pointer, "secret_absent", "the secret named here does not exist in this environment")
            raise ValueRefused("a secret that this config needs is not there", violations=[violation]) from None
        self.disclosed.append(Disclosure(name, found.version))
        return json_text.read(self._unsealer.unseal(name, found.version, found.sealed).reveal.decode())


def _etag(request: ResolveConfigRequest, resolution: Resolution, injected: _Injection) -> str:
    """Versions are immutable, so their numbers stand for every byte of the answer; no secret goes into the tag."""
    secrets = [(secret.name.path, secret.version) for secret in injected.disclosed]
    return resolution.etag(request.secrets, request.explain, secrets)


def _layer(layer: Layer) -> LayerView:
    return LayerView(layer=layer.owner, environment=layer.environment, version=layer.entry.version)


def _origin(layer: Layer, shadows: tuple[Layer, ...]) -> LeafOrigin:
    entry = layer.entry
    return LeafOrigin(
        layer=layer.owner,
        environment=layer.environment,
        version=entry.version,
        revision=entry.revision,
        author=entry.updated_by,
        at=entry.updated_at,
        reason=entry.reason,
        shadows=[_layer(shadow) for shadow in shadows],
    )


def _view(request: ResolveConfigRequest, resolution: Resolution, value: Json, etag: str, held: Held) -> ResolvedConfig:
    explained = {pointer: _origin(*owed) for pointer, owed in resolution.explain().items()} if request.explain else None
    return ResolvedConfig(
        value=value,
        environment=request.environment,
        version=resolution.version,
        revision=resolution.revision,
        age_seconds=int(held.age_seconds),
        stale=not held.fresh,
        etag=etag,
        layers=[_layer(layer) for layer in resolution.layers],
        explain=explained,
    )


RESOLVE_CONFIG = Operation(
    name="resolve_config",
    summary="Resolve a config along the environment chain",
    action="configs:read",
    method="GET",
    path="/api/v1/resolved/{path+}",
    request=ResolveConfigRequest,
    response=ResolvedConfig,
    run=resolve_config,
    recorded=Recorded.BEHIND,
    event_type="config.resolved",
    refusals=(422,),
)
