"""What the AWS family's containers remember, and share, and how it is purged; imported at first use as all of it is."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from llm_config.runtime.settings import Settings

if TYPE_CHECKING:
    from llm_config.runtime.aws_family import AwsFamily


class AwsCaches:
    """What stands behind the ports of caches, beside the rest of a family. `settings` is the family's."""

    def __init__(self, family: "AwsFamily", settings: Callable[[], Settings]) -> None:
        self._family, self._settings = family, settings

    def factories(self) -> dict[str, Callable[[], Any]]:
        return {
            "layer_cache": self._layer_cache,
            "shared_layers": self._shared_layers,
            "cache_purger": self._cache_purger,
            "verified_tokens": self._verified_tokens,
        }

    def _layer_cache(self) -> Any:
        from llm_config.adapters.cached.layer_cache import MemoryLayerCache

        return MemoryLayerCache(self._family.clock, self._settings().config_bound_seconds)

    def _shared_layers(self) -> Any:
        told = self._settings()
        if not told.shared_cache:
            from llm_config.adapters.cached.no_shared_layers import NoSharedLayers

            return NoSharedLayers()
        from llm_config.adapters.valkey.client import serverless
        from llm_config.adapters.valkey.shared_layers import ValkeySharedLayers

        client = serverless(told.shared_cache, told.shared_cache_name)
        return ValkeySharedLayers(client, self._family.clock, told.table_prefix)

    def _cache_purger(self) -> Any:
        from llm_config.adapters.dynamodb.cache_purges import DynamoCachePurges

        return DynamoCachePurges(self._family.control_rows)

    def _verified_tokens(self) -> Any:
        from llm_config.adapters.cached.verified_tokens import MemoryVerifiedTokens

        return MemoryVerifiedTokens(self._family.clock)
