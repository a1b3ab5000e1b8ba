from typing import Protocol

from llm_config_domain.secrets.types.reading import Facts, Material


class KeyInspector(Protocol):
    def inspect(self, material: Material) -> Facts:
        """What everybody may know of a private key and of certificates, in the order they came. The key signs once,
        and its public half must accept it.

        What cannot be read, is locked with a passphrase, or is of another kind than RSA (up to 8,192 bits), ECDSA on
        P-256, P-384 or P-521, and Ed25519, is a violation at its place; then the facts are incomplete. Messages quote
        nothing. No work is done that the material itself asks for, as the rounds of a passphrase's derivation would be.

        Not promised: that a certificate may be trusted, or that an RSA key's primes are prime.
        """
        ...
