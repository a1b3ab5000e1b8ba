"""The secret generator: the operating system's randomness, and `cryptography` for keys."""

import secrets
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from llm_config.adapters.pyca.authorities import issue, read_authority
from llm_config.adapters.pyca.private_keys import PrivateKey
from llm_config_domain import json_text
from llm_config_domain.secrets.recipes.keys import CertificateRecipe, SigningKeyRecipe, SshKeyRecipe
from llm_config_domain.secrets.recipes.reading import Recipe
from llm_config_domain.secrets.recipes.texts import PasswordRecipe, TokenRecipe
from llm_config_domain.secrets.values import Plaintext

_CURVES: dict[str, type[Any]] = {"P-256": ec.SECP256R1, "P-384": ec.SECP384R1, "P-521": ec.SECP521R1}


class PycaSecretGenerator:
    """See `ports.secret_generator`."""

    def generate(self, recipe: Recipe, authority: Plaintext | None = None) -> Plaintext:
        return Plaintext(json_text.write(_value(recipe, authority)).encode())


def _value(recipe: Recipe, authority: Plaintext | None) -> Any:
    match recipe:
        case PasswordRecipe():
            return "".join(secrets.choice(recipe.characters) for _ in range(recipe.length))
        case TokenRecipe():
            random = secrets.token_hex(recipe.size) if recipe.encoding == "hex" else secrets.token_urlsafe(recipe.size)
            return recipe.prefix + random
        case SshKeyRecipe():
            return _ssh_key(new_key(recipe.algorithm))
        case SigningKeyRecipe(key=None):
            return {"algorithm": recipe.algorithm, "secret": secrets.token_urlsafe(recipe.size)}
        case SigningKeyRecipe():
            return {"algorithm": recipe.algorithm, "private_key": pem(new_key(recipe.key or ""))}
        case CertificateRecipe():
            key = new_key(recipe.algorithm)
            signed = issue(recipe, key, read_authority(authority) if authority else None)
            return {**signed, "private_key": pem(key)}


def new_key(algorithm: str) -> PrivateKey:
    if algorithm == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    if algorithm in _CURVES:
        return ec.generate_private_key(_CURVES[algorithm]())
    return rsa.generate_private_key(65537, int(algorithm.removeprefix("rsa-")))


def pem(key: PrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _ssh_key(key: PrivateKey) -> dict[str, str]:
    return {
        "private_key": key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode(),
        "public_key": key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode(),
    }
