from typing import Protocol

from llm_config_domain.secrets.recipes.reading import Recipe
from llm_config_domain.secrets.values import Plaintext


class SecretGenerator(Protocol):
    def generate(self, recipe: Recipe, authority: Plaintext | None = None) -> Plaintext:
        """A new value as JSON text, as the secret's type has it: a text for passwords and tokens, `{private_key, ...}` for
        keys, `{certificate, private_key, chain}` for certificates. Its randomness is the operating system's, and no
        less than the recipe's `bits`; no two are alike.

        A certificate is signed by `authority`, the value of a certificate that may sign others, or by itself without
        one; other recipes leave `authority` alone. Raises ValueRefused for an authority that cannot sign it: no
        certificate, one that is none, or one that ends before it.
        """
        ...
