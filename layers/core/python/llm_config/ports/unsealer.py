from typing import Protocol

from llm_config_domain.names import Name
from llm_config_domain.secrets.values import Plaintext, Sealed


class Unsealer(Protocol):
    def unseal(self, name: Name, version: int, sealed: Sealed) -> Plaintext:
        """Open a value that was sealed for exactly this name and version.

        Raises Broken when it was not, or was changed; Unavailable when the key cannot be used.
        """
        ...
