"""PEM (RFC 7468), as far as the blocks of a text can be told apart. What is in them, only a library can say."""

import re
from dataclasses import dataclass, field

MAX_PEM = 128 * 1024
_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]{1,40})-----[^-]*-----END \1-----")


@dataclass(frozen=True, slots=True)
class Block:
    label: str
    text: str = field(repr=False)

    @property
    def is_private_key(self) -> bool:
        return self.label.endswith("PRIVATE KEY")

    @property
    def is_certificate(self) -> bool:
        return self.label == "CERTIFICATE"


def blocks(text: str) -> tuple[Block, ...]:
    """The blocks in `text`, in order; none for a text over `MAX_PEM` characters."""
    if len(text) > MAX_PEM:
        return ()
    return tuple(Block(found[1], found[0] + "\n") for found in _BLOCK.finditer(text))


def private_keys(text: str) -> tuple[Block, ...]:
    return tuple(block for block in blocks(text) if block.is_private_key)


def certificates(text: str) -> tuple[Block, ...]:
    return tuple(block for block in blocks(text) if block.is_certificate)
