"""Random texts: passwords that people's systems take, and tokens."""

import math
import string
from dataclasses import dataclass
from typing import Literal

from llm_config_domain.secrets.recipes.strength import MIN_BITS, refused

ALPHANUMERIC = string.ascii_letters + string.digits
MAX_LENGTH = 1024
MAX_PREFIX = 64
PRINTABLE = frozenset(string.ascii_letters + string.digits + string.punctuation)


def check_prefix(prefix: str) -> None:
    if len(prefix) > MAX_PREFIX or not set(prefix) <= PRINTABLE:
        raise refused(
            "prefix", "length", f"a prefix has at most {MAX_PREFIX} characters, printable ASCII without spaces"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordRecipe:
    """`length` characters, each drawn from `alphabet` less `excluded` and independent of the others. Raises ValueRefused
    below 128 bits."""

    length: int = 32
    alphabet: str = ALPHANUMERIC
    excluded: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.length <= MAX_LENGTH:
            raise refused("length", "range", f"a password has 1 to {MAX_LENGTH} characters")
        if not set(self.characters) <= PRINTABLE:
            raise refused("alphabet", "format", "an alphabet is printable ASCII without spaces")
        if self.bits < MIN_BITS:
            raise refused(
                "length", "weak", f"this makes less than {MIN_BITS} bits: more characters, or a larger alphabet"
            )

    @property
    def characters(self) -> str:
        """Each once: a character that is named twice would come up twice as often."""
        return "".join(sorted(set(self.alphabet) - set(self.excluded)))

    @property
    def bits(self) -> float:
        return self.length * math.log2(len(self.characters)) if self.characters else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRecipe:
    """`size` random bytes behind `prefix`. Raises ValueRefused below 16 bytes."""

    size: int = 32
    encoding: Literal["base64url", "hex"] = "base64url"
    prefix: str = ""

    def __post_init__(self) -> None:
        if not MIN_BITS // 8 <= self.size <= MAX_LENGTH:
            raise refused("size", "weak", f"a token has {MIN_BITS // 8} to {MAX_LENGTH} random bytes")
        if self.encoding not in ("base64url", "hex"):
            raise refused("encoding", "enum", "this is one of base64url, hex")
        check_prefix(self.prefix)

    @property
    def bits(self) -> float:
        return 8.0 * self.size
