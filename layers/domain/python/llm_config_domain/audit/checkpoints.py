"""A tree's root at a size, said so that it can be signed: the checkpoints and signed notes of transparency logs.

https://github.com/C2SP/C2SP/blob/main/tlog-checkpoint.md: three lines (whose tree, how many leaves, the root in base64)
and what further lines say; https://github.com/C2SP/C2SP/blob/main/signed-note.md: an empty line, then one line a signature.
"""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from llm_config_domain.names import TenantId

KEY_NAME = "llm-config-audit"
"""What a signature says it is by; the key's own bytes are in its id."""
_ED25519 = b"\x01"
_SIGNED = re.compile(r"\u2014 (\S+) (\S+)")
_SIZE = re.compile(r"0|[1-9][0-9]{0,17}")
MAX_NOTE = 4096
Check = Callable[[bytes, bytes], bool]
"""(message, signature) -> is it the key's?"""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`lines` say more about what is signed: the range of an export."""

    origin: str
    size: int
    root: bytes
    lines: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        told = (self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.lines)
        return "".join(f"{line}\n" for line in told)


def origin_of(tenant: TenantId) -> str:
    """What a tenant's tree is called."""
    return f"llm-config/audit/{tenant}"


def key_id(public_key: bytes, name: str = KEY_NAME) -> bytes:
    """Four bytes that tell keys apart, of the 32 bytes of an Ed25519 key (signed-note, "Signatures")."""
    return sha256(f"{name}\n".encode() + _ED25519 + public_key).digest()[:4]


def note_of(text: str, name: str, public_key: bytes, signature: bytes) -> str:
    """A signed note with one signature: `text`, whose lines all end, by the Ed25519 key called `name`."""
    told = base64.b64encode(key_id(public_key, name) + signature).decode()
    return f"{text}\n\u2014 {name} {told}\n"


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint with its signature by an Ed25519 key, whose 32 bytes are `raw` and whose PEM text is `pem`;
    `cosignatures` are the lines of witnesses."""

    checkpoint: Checkpoint
    signature: bytes
    raw: bytes
    pem: str
    cosignatures: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        told = note_of(self.checkpoint.text, KEY_NAME, self.raw, self.signature)
        return told + "".join(f"{line}\n" for line in self.cosignatures)

    def to_record(self) -> dict[str, Any]:
        """As it is served: all of it stands in the note, which alone is signed; the rest is for reading."""
        return {
            "tree_size": self.checkpoint.size,
            "root_hash": self.checkpoint.root.hex(),
            "signature": self.signature.hex(),
            "public_key": self.pem,
            "note": self.note,
        }


def opened(note: str, public_key: bytes, check: Check) -> tuple[Checkpoint, bytes]:
    """(what a note says, the key's signature), once that is verified. Raises ValueError, saying what is wrong with it."""
    text, signature = opened_text(note, KEY_NAME, public_key, check)
    return _read(text), signature


def opened_text(note: str, name: str, public_key: bytes, check: Check) -> tuple[str, bytes]:
    """(a note's text without its last line's end, the signature of the key called `name`). Raises ValueError."""
    text, separator, signatures = note[: MAX_NOTE + 1].rpartition("\n\n")
    if not separator or len(note) > MAX_NOTE or not signatures.endswith("\n"):
        raise ValueError("this is not a signed note")
    signature = _signature_by(public_key, name, signatures[:-1].split("\n"))
    if not check(f"{text}\n".encode(), signature):
        raise ValueError("the signature is not the key's")
    return text, signature


def _signature_by(public_key: bytes, name: str, lines: list[str]) -> bytes:
    """The key's own; others may stand beside it, of witnesses."""
    told = [_SIGNED.fullmatch(line) for line in lines]
    wanted = key_id(public_key, name)
    for found in told:
        raw = _base64(found[2]) if found and found[1] == name else b""
        if raw[:4] == wanted and None not in told:
            return raw[4:]
    raise ValueError("this is not signed by this key")


def size_in(note: str) -> int:
    """How many leaves the tree of a note of ours has; nothing of it is verified. Raises ValueError."""
    return _read(note.partition("\n\n")[0]).size


def _read(text: str) -> Checkpoint:
    origin, size, root, *lines = *text.split("\n"), "", ""
    hashed = _base64(root)
    if not origin or not _SIZE.fullmatch(size) or len(hashed) != sha256().digest_size:
        raise ValueError("the checkpoint does not say whose tree it is, how many leaves it has and what its root is")
    return Checkpoint(origin, int(size), hashed, tuple(lines[:-2]))


def _base64(text: str) -> bytes:
    """Nothing for what is not base64 as it is written: two texts never mean the same bytes."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return raw if base64.b64encode(raw).decode() == text else b""
