from typing import Protocol

from llm_config_domain.configs.entries import ConfigVersion, Layers
from llm_config_domain.names import Name, TenantId


class ConfigReader(Protocol):
    """Strong reads. Every method raises Unauthenticated when the tenant is not active, and Unavailable.

    A failure is never mistaken for absence.
    """

    def entry(self, name: Name, version: int | None = None) -> ConfigVersion:
        """That version, or the current one. Raises NotFound when it never was, or when the current one is a deletion."""
        ...

    def layers(self, tenant: TenantId, namespace: str, key: str) -> Layers:
        """The current entries of one key in all environments, deletions among them. Nothing found is an empty `Layers`.

        The revision is read before the entries, so an answer may be newer than its label, never older.
        """
        ...
