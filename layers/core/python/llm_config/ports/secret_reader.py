from typing import Protocol

from llm_config_domain.names import Name
from llm_config_domain.secrets.entries import SecretVersion


class SecretReader(Protocol):
    def entry(self, name: Name, version: int | None = None) -> SecretVersion:
        """That version, or the current one, still sealed. A strong read.

        Raises NotFound when it never was or may not be read any more, Unauthenticated when the tenant is not active,
        Unavailable.
        """
        ...
