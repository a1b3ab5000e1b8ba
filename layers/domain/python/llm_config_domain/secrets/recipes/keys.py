"""Keys and certificates."""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address

from llm_config_domain import times
from llm_config_domain.secrets.recipes.strength import KEY_BITS, check_key, refused
from llm_config_domain.secrets.types.jwt_signing_keys import ALGORITHMS, HMAC_BYTES

_KEY_OF = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521", "EdDSA": "ed25519"}
_MAX_NAMES = 100
_MAX_NAME = 253
MAX_LIFE = timedelta(days=3653)


@dataclass(frozen=True, slots=True, kw_only=True)
class SshKeyRecipe:
    algorithm: str = "ed25519"

    def __post_init__(self) -> None:
        check_key(self.algorithm)

    @property
    def bits(self) -> float:
        return KEY_BITS[self.algorithm]


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKeyRecipe:
    """For JWT: `algorithm` is RFC 7518's name. RSA keys have 3,072 bits, shared secrets as many as their hash."""

    algorithm: str = "ES256"

    def __post_init__(self) -> None:
        if self.algorithm not in ALGORITHMS:
            raise refused("algorithm", "enum", f"this is one of {', '.join(ALGORITHMS)}")

    @property
    def key(self) -> str | None:
        """The kind of its private key; None for a shared secret."""
        return None if self.algorithm in HMAC_BYTES else _KEY_OF.get(self.algorithm, "rsa-3072")

    @property
    def size(self) -> int:
        """Random bytes of a shared secret."""
        return HMAC_BYTES.get(self.algorithm, 0)

    @property
    def bits(self) -> float:
        return 8.0 * self.size if self.key is None else KEY_BITS[self.key]


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRecipe:
    """A certificate from `begins_at` (RFC 3339) for `seconds`, with a new key. `names` are DNS names and IP addresses;
    `is_authority`: it may sign others and itself signs nobody's log-in."""

    common_name: str
    begins_at: str
    seconds: int
    names: tuple[str, ...] = ()
    algorithm: str = "P-256"
    is_authority: bool = False

    def __post_init__(self) -> None:
        check_key(self.algorithm)
        if not 1 <= len(self.common_name) <= 64:  # RFC 5280 appendix A.1, ub-common-name
            raise refused("common_name", "length", "a common name has 1 to 64 characters")
        if not 1 <= self.seconds <= MAX_LIFE.total_seconds():
            raise refused("seconds", "range", "a certificate lasts for ten years at most")
        if len(self.names) > _MAX_NAMES or not all(_is_name(name) for name in self.names):
            raise refused("names", "format", f"these are at most {_MAX_NAMES} DNS names and IP addresses")

    @property
    def ends_at(self) -> str:
        return times.rfc3339(times.parse(self.begins_at) + timedelta(seconds=self.seconds))

    @property
    def bits(self) -> float:
        return KEY_BITS[self.algorithm]


def is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _is_name(name: str) -> bool:
    labels = name.removeprefix("*.").split(".")
    whole = 1 <= len(name) <= _MAX_NAME and all(1 <= len(label) <= 63 for label in labels)
    plain = all(label.isascii() and label.replace("-", "").replace("_", "").isalnum() for label in labels)
    return is_address(name) or (whole and plain)
