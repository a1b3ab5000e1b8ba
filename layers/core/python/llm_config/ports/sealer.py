from typing import Protocol

from llm_config_domain.names import Name
from llm_config_domain.secrets.values import Plaintext, Sealed


class Sealer(Protocol):
    def seal(self, name: Name, version: int, plaintext: Plaintext) -> Sealed:
        """Encrypt under the tenant's key, bound to this name and version: it opens under no other.

        Raises Unavailable when the key cannot be used.
        """
        ...
