"""The home's own token issuer: one ES256 key pair in the data directory."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from llm_config_local.adapters.key_file import write_durably


class LocalIssuer:
    """Implements `issuer_keys` and `token_signer` for tokens of this home alone."""

    def __init__(self, directory: Path, issuer: str) -> None:
        self.issuer = issuer
        self._key = _key(directory / "issuer.pem")
        self.kid = _fingerprint(self._key)

    def find(self, issuer: str, kid: str | None) -> Mapping[str, Any] | None:
        return self.jwk() if issuer == self.issuer and kid in (None, self.kid) else None

    def jwk(self) -> dict[str, Any]:
        from jwt.algorithms import ECAlgorithm

        public: dict[str, Any] = ECAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {**public, "kid": self.kid, "alg": "ES256", "use": "sig"}

    def sign(self, claims: Mapping[str, Any]) -> str:
        import jwt

        return jwt.encode({**claims, "iss": self.issuer}, self._key, algorithm="ES256", headers={"kid": self.kid})


def _key(path: Path) -> ec.EllipticCurvePrivateKey:
    if not path.exists():
        new = ec.generate_private_key(ec.SECP256R1())
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        write_durably(path, new.private_bytes(*form))
    loaded = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(loaded, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{path.name} does not hold an EC key")
    return loaded


def _fingerprint(key: ec.EllipticCurvePrivateKey) -> str:
    digest = hashes.Hash(hashes.SHA256())
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    digest.update(key.public_key().public_bytes(*form))
    return digest.finalize().hex()[:16]
