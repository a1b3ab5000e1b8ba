"""Layers of configs in Valkey, for every container: a hash for each key of a tenant, with the revisions it was read at."""

import json
import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from llm_config.adapters.valkey.breaker import Breaker
from llm_config.ports.clock import Clock
from llm_config.ports.layer_cache import ConfigKey
from llm_config.ports.shared_layers import State
from llm_config_domain.configs.entries import ConfigVersion, Layers, Pins
from llm_config_domain.names import PLATFORM, Name, TenantId

if TYPE_CHECKING:
    from redis import Redis

KEPT_SECONDS = 24 * 3600
MAX_BYTES = 1024 * 1024
"""Of the text of one key's layers; what is larger is read from the store each time."""
MAX_PACKED_BYTES = MAX_BYTES // 2
PUT_IF_NEWER = """
local held = redis.call('HMGET', KEYS[1], 'generation', 'tenant', 'platform')
if held[1] then
  local generation, tenant, platform = tonumber(held[1]), tonumber(held[2]), tonumber(held[3])
  if generation > tonumber(ARGV[1]) then return 0 end
  if generation == tonumber(ARGV[1]) and (tenant > tonumber(ARGV[2]) or platform > tonumber(ARGV[3])) then return 0 end
end
redis.call('HSET', KEYS[1], 'generation', ARGV[1], 'tenant', ARGV[2], 'platform', ARGV[3], 'layers', ARGV[4])
redis.call('EXPIRE', KEYS[1], ARGV[5])
return 1
"""
"""`Pins.may_follow`, where it cannot be overtaken."""


class ValkeySharedLayers:
    """Implements `shared_layers`. `prefix` begins every key of this deployment; the client's own timeouts bound each call,
    and a server that failed is left alone for a while."""

    def __init__(self, client: "Redis", clock: Clock, prefix: str) -> None:
        self._client, self._prefix, self._breaker = client, prefix, Breaker(clock)

    def state(self) -> State:
        return "closed" if self._breaker.is_closed else "open"

    def find(self, key: ConfigKey, pins: Pins) -> Layers | None:
        fields = ("generation", "tenant", "platform", "layers")
        told = self._asked("HMGET", self._place(key), *fields)
        try:
            return _layers(key, pins, told[3]) if told and told[0] and _pins(told) == pins else None
        except (zlib.error, ValueError, KeyError, TypeError, AttributeError):
            return None  # an older release wrote it otherwise, or nobody of ours did

    def keep(self, key: ConfigKey, layers: Layers) -> None:
        text = json.dumps([_written(layers.tenant), _written(layers.platform)]).encode()
        if len(text) > MAX_BYTES or len(packed := zlib.compress(text, 1)) > MAX_PACKED_BYTES:
            return
        pins = layers.pins
        self._asked(
            "EVAL", PUT_IF_NEWER, 1, self._place(key), pins.generation, pins.tenant, pins.platform, packed, KEPT_SECONDS
        )

    def _place(self, key: ConfigKey) -> str:
        """No part can hold a colon, so no two keys have one place."""
        return ":".join((self._prefix, "layers", *key))

    def _asked(self, *command: Any) -> Any:
        """The server's answer; None when it gives none."""
        from redis import RedisError

        if not self._breaker.is_closed:
            return None
        try:
            return self._client.execute_command(*command)  # type: ignore[no-untyped-call]
        except (RedisError, OSError):
            self._breaker.failed()
            return None


def _pins(told: list[Any]) -> Pins:
    generation, tenant, platform = map(int, told[:3])
    return Pins(tenant, platform, generation)


def _written(versions: Mapping[str, ConfigVersion]) -> dict[str, Any]:
    return {environment: [version.to_record(), version.value] for environment, version in versions.items()}


def _layers(key: ConfigKey, pins: Pins, packed: bytes) -> Layers:
    tenant, namespace, name = key
    own, platform = json.loads(zlib.decompressobj().decompress(packed, MAX_BYTES))
    return Layers(
        pins.tenant,
        _read(own, tenant, namespace, name),
        _read(platform, PLATFORM, namespace, name),
        pins.platform,
        pins.generation,
        pins.bound_seconds,
    )


def _read(told: dict[str, Any], owner: TenantId, namespace: str, key: str) -> dict[str, ConfigVersion]:
    return {
        environment: ConfigVersion.whole(Name(owner, namespace, key, environment), record, value)
        for environment, (record, value) in told.items()
    }
