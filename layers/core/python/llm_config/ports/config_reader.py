from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from llm_config_domain.configs.entries import ConfigMetadata, ConfigVersion, Layers, Pins
from llm_config_domain.names import Name, TenantId
from llm_config_domain.versions import Moment

Place = tuple[str, str, str]
"""(namespace, key, environment): where a listing stands."""


@dataclass(frozen=True, slots=True)
class NamespacePage:
    """The layers of some keys of a namespace, by key ascending, all as they stood at `pins`. `more`: there are keys
    after the last one looked at, `last`."""

    pins: Pins
    keys: Mapping[str, Layers]
    last: str
    more: bool


class ConfigReader(Protocol):
    """Strong reads, but for `listing` of several namespaces. Every method raises Unauthenticated when the tenant is not
    active, and Unavailable. A failure is never mistaken for absence."""

    def entry(self, name: Name, version: int | None = None) -> ConfigVersion:
        """That version, or the current one. Raises NotFound when it never was, or when the current one is a deletion."""
        ...

    def history(self, name: Name, before: int | None, limit: int) -> Sequence[ConfigMetadata]:
        """At most `limit` versions, newest first, those below `before`. Raises NotFound when the name never was."""
        ...

    def pins(self, tenant: TenantId, namespace: str) -> Pins:
        """What the layers of every key of a namespace depend on."""
        ...

    def layers(self, tenant: TenantId, namespace: str, key: str, pins: Pins | None = None) -> Layers:
        """The current entries of one key in all environments, deletions among them. Nothing found is an empty `Layers`.

        The revisions are read before the entries, so an answer may be newer than its label, never older; `pins` are
        they, when they were just asked for.
        """
        ...

    def layers_at(self, tenant: TenantId, namespace: str, key: str, moment: Moment) -> Layers:
        """The entries of one key in all environments as they stood at `moment`, deletions among them, and the revisions
        that stood then. Raises Malformed for a revision that the namespace has not reached."""
        ...

    def namespace(self, tenant: TenantId, namespace: str, pins: Pins | None, after: str, limit: int) -> NamespacePage:
        """The next keys after `after` ("" for the first), at most `limit` of them, as they stood at `pins`, or as they
        stand now. What was written later does not show, whenever a page is asked for."""
        ...

    def listing(self, tenant: TenantId, glob: str, after: Place | None, limit: int) -> Sequence[ConfigMetadata]:
        """The newest version of each name of the namespaces that `glob` means, deletions among them, in the order of
        (namespace, key, environment), at most `limit` after `after`. Of several namespaces a write may show a moment
        later on AWS."""
        ...
