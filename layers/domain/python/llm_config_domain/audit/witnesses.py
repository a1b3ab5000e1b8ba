"""Witnesses: others who sign a checkpoint once they have seen that its tree extends all that they saw of it before.

The words between log and witness are https://c2sp.org/tlog-witness (`add-checkpoint`), their signatures
https://c2sp.org/tlog-cosignature (Ed25519), their keys are written as https://c2sp.org/signed-note has it (vkeys).
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from llm_config_domain.audit.checkpoints import Check

_TYPE = b"\x04"
_RAW, _ID, _TIME, _SIGNATURE = 32, 4, 8, 64
_VKEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+(\S+)")
_LINE = re.compile(r"\u2014 (\S+) (\S+)")
MOST_WITNESSES = 8
"""Of a deployment: all are asked at once."""
MAX_LINES = 16
"""Of an answer that are looked at: a witness has a key or two."""


@dataclass(frozen=True, slots=True)
class Witness:
    """Its name, and the 32 bytes of its Ed25519 key."""

    name: str
    raw: bytes

    @classmethod
    def read(cls, vkey: str) -> "Witness":
        """`name+id+key`. Raises ValueError."""
        found = _VKEY.fullmatch(vkey)
        key = base64.b64decode(found[3], validate=True) if found else b""
        if found is None or key[:1] != _TYPE or len(key) != 1 + _RAW:
            raise ValueError("a witness's key is NAME+ID+KEY, of an Ed25519 cosigner (type 4)")
        made = cls(found[1], key[1:])
        if made.key_id.hex() != found[2]:
            raise ValueError("the id of a witness's key is not that of its name and key")
        return made

    @property
    def key_id(self) -> bytes:
        return sha256(f"{self.name}\n".encode() + _TYPE + self.raw).digest()[:_ID]


def submission(old: int, proof: Sequence[bytes], note: str) -> bytes:
    """What a witness is asked: that the tree of `old` leaves, the largest that it knows, begins the one of the note."""
    lines = [f"old {old}", *(base64.b64encode(one).decode() for one in proof), "", note]
    return "\n".join(lines).encode()


def cosignature_in(lines: str, text: str, witness: Witness, check: Check) -> str | None:
    """The witness's line among `lines`, verified: it signs `text`, a checkpoint whose lines all end."""
    for line in lines.split("\n")[:MAX_LINES]:
        found = _LINE.fullmatch(line)
        if found and found[1] == witness.name and _is_good(found[2], text, witness, check):
            return line
    return None


def is_cosigned(note: str, witness: Witness, check: Check) -> bool:
    text, _, lines = note.rpartition("\n\n")
    return cosignature_in(lines, f"{text}\n", witness, check) is not None


def _is_good(told: str, text: str, witness: Witness, check: Check) -> bool:
    try:
        raw = base64.b64decode(told, validate=True)
    except ValueError:
        return False
    at = int.from_bytes(raw[_ID : _ID + _TIME], "big")
    if len(raw) != _ID + _TIME + _SIGNATURE or raw[:_ID] != witness.key_id:
        return False
    return check(f"cosignature/v1\ntime {at}\n{text}".encode(), raw[_ID + _TIME :])
