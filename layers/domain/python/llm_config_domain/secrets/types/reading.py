"""What is found out about a value: by its shape alone, by whoever can read keys, and in the end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from llm_config_domain.errors import Broken, Violation
from llm_config_domain.json_text import Json


@dataclass(frozen=True, slots=True)
class Part:
    """A text in the value that only a library can read. `place` is its JSON Pointer. It never prints itself."""

    place: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Material:
    """What a value holds of keys and certificates: `certificates` are PEM, each one alone, the holder's own first."""

    private_key: Part | None = None
    certificates: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What everybody may know of a private key. `algorithm` is `rsa`, `ecdsa` or `ed25519`; `curve` as JWK names it
    (RFC 7518 section 6.2.1.1); `public_key` is OpenSSH's line without a comment; `public_jwk` is RFC 7517's;
    `fingerprint` is the SHA-256 of the SubjectPublicKeyInfo in hex."""

    algorithm: str
    bits: int
    curve: str | None
    public_key: str
    public_jwk: Mapping[str, str]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What a certificate says. Times are RFC 3339; `fingerprint` and `key_fingerprint` are SHA-256 in hex, of the
    certificate and of its SubjectPublicKeyInfo; `issued_by_next`: the next certificate's key signed this one (None for
    the last)."""

    not_before: str
    not_after: str
    serial_number: str
    fingerprint: str
    key_fingerprint: str
    issued_by_next: bool | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What was read of a `Material`; what could not be read is a violation at its place."""

    key: KeyFacts | None = None
    certificates: tuple[CertificateFacts, ...] = ()
    violations: tuple[Violation, ...] = ()

    @property
    def held(self) -> KeyFacts:
        """The key of a material that has one and was read."""
        if self.key is None:
            raise Broken("a private key was not read")
        return self.key


NO_FACTS = Facts()
Computed = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the shape of a value says: what is wrong with it, what is left to read, and when the value itself says that
    it ends (RFC 3339)."""

    violations: tuple[Violation, ...] = ()
    material: Material | None = None
    ends_at: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What everybody who may list the secret may know about a value, once it is accepted."""

    violations: tuple[Violation, ...] = ()
    computed: Computed = field(default_factory=dict)
    ends_at: str | None = None


def _nothing_more(value: Json, reading: Reading, facts: Facts, at: str) -> Known:
    return Known(ends_at=reading.ends_at)


def _nothing_shown(value: Json) -> Computed:
    return {}


@dataclass(frozen=True, slots=True)
class Form:
    """One type: `read` looks at the shape (of a value at a moment), `judge` at what the material turned out to be, and
    `shown` says what follows from the value for those who may read it."""

    read: Callable[[Json, str], Reading]
    judge: Callable[[Json, Reading, Facts, str], Known] = _nothing_more
    shown: Callable[[Json], Computed] = _nothing_shown
