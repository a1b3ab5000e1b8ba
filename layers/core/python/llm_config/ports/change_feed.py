from collections.abc import Sequence
from typing import Protocol

from llm_config_domain.configs.entries import ConfigVersion
from llm_config_domain.names import TenantId


class ChangeFeed(Protocol):
    """The changes of a tenant's configs, namespace by namespace, each in the order of its line. Every method raises
    Unauthenticated when the tenant is not active, and Unavailable."""

    def lines(self, tenant: TenantId, glob: str, after: str, limit: int) -> Sequence[tuple[str, int]]:
        """(namespace, revision) of the namespaces that `glob` means, in their order, at most `limit` after `after`.

        One namespace is read strongly; several may show a write a moment later on AWS, and none is ever skipped.
        """
        ...

    def changes(self, tenant: TenantId, namespace: str, revision: int, limit: int) -> Sequence[ConfigVersion]:
        """What was written after `revision`, in order, whole revisions only: at least one of them if there is any, and
        at most `limit` versions unless the first alone has more."""
        ...
