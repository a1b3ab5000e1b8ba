from collections.abc import Sequence
from typing import Protocol

from llm_config.ports.config_reader import Place
from llm_config_domain.names import Name, TenantId
from llm_config_domain.secrets.entries import SecretMetadata, SecretVersion


class SecretReader(Protocol):
    """Strong reads, but for `listing` of several namespaces. Every method raises Unauthenticated when the tenant is not
    active, and Unavailable."""

    def entry(self, name: Name, version: int | None = None) -> SecretVersion:
        """That version, or the one in use, still sealed.

        Raises NotFound when it never was or may not be read any more: revoked, destroyed, or the secret is deleted.
        """
        ...

    def live(self, name: Name, limit: int) -> Sequence[SecretVersion]:
        """The version in use, then those that were in use before it and may still be read, newest first, at most
        `limit`, still sealed; the last fifty versions are looked at. Raises NotFound when there are none, or the secret
        is deleted."""
        ...

    def history(self, name: Name, before: int | None, limit: int) -> Sequence[SecretMetadata]:
        """At most `limit` versions, newest first, those below `before`, also of a deleted secret. Raises NotFound when
        the name never was."""
        ...

    def listing(
        self, tenant: TenantId, glob: str, after: Place | None, limit: int
    ) -> Sequence[tuple[SecretMetadata, bool]]:
        """(the version in use or else the last that was, whether the secret is deleted) of each name of the namespaces
        that `glob` means, in the order of (namespace, key, environment), at most `limit` after `after`. Of several
        namespaces a write may show a moment later on AWS."""
        ...
