from collections.abc import Sequence
from typing import Protocol

from llm_config_domain.names import Name, TenantId
from llm_config_domain.rotation.entries import Rotation
from llm_config_domain.rotation.settings import RotationSettings
from llm_config_domain.secrets.entries import SecretVersion


class RotationReader(Protocol):
    """Strong reads. Every method raises Unauthenticated when the tenant is not active, and Unavailable."""

    def entry(self, tenant: TenantId, rotation_id: str) -> Rotation:
        """Raises NotFound for an id that is not this tenant's: another's is as absent."""
        ...

    def listing(self, tenant: TenantId, before: str | None, limit: int) -> Sequence[Rotation]:
        """At most `limit` rotations, newest first by id, those before `before`."""
        ...

    def running(self, name: Name) -> Rotation | None:
        """The rotation of this secret that has not ended."""
        ...

    def settings(self, name: Name) -> RotationSettings:
        """How this secret rotates. Raises NotFound when nobody ever said."""
        ...

    def sealed(self, name: Name, version: int) -> SecretVersion:
        """A version whatever its mark, still sealed: for the target alone, which must be told which credential goes.
        Raises NotFound when it never was, or its bytes are gone."""
        ...
