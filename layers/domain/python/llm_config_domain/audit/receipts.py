"""A receipt: the signed promise, given with an answer, that what was done will stand in the tree.

    llm-config/receipt/<tenant id>
    <entry id>
    <SHA-256 in base64 of what the entry will say>
    given <RFC 3339>
    merged by <RFC 3339>

A signed note (https://github.com/C2SP/C2SP/blob/main/signed-note.md) of a key of its own. It can be read as no checkpoint: an
entry's id is no size. What is promised is all of the entry that is known before it is made: who acted as what, under which
request, what was asked for, and of what. The name, which the tree does not hold, is not a part of it.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from llm_config_domain import times
from llm_config_domain.audit.bundles import Key, Proven
from llm_config_domain.audit.checkpoints import note_of, opened_text
from llm_config_domain.audit.leaves import canonical, record_of
from llm_config_domain.journal import JournalEntry

KEY_NAME = "llm-config-receipts"
ORIGIN = "llm-config/receipt/"
MERGED_SECONDS = 60
_LINES = 5
_GIVEN, _BY = "given ", "merged by "


class Standing(StrEnum):
    """What bundles say of a promise."""

    KEPT = "kept"
    BROKEN = "broken"
    OPEN = "open"
    """They do not say it: none of them is of this entry's time and later than the promise."""


@dataclass(frozen=True, slots=True)
class Receipt:
    tenant: str
    entry_id: str
    promised: bytes
    given_at: str
    merged_by: str

    @property
    def text(self) -> str:
        told = base64.b64encode(self.promised).decode()
        return f"{ORIGIN}{self.tenant}\n{self.entry_id}\n{told}\n{_GIVEN}{self.given_at}\n{_BY}{self.merged_by}\n"

    def note(self, raw: bytes, signature: bytes) -> str:
        """With its signature by the Ed25519 key whose 32 bytes are `raw`."""
        return note_of(self.text, KEY_NAME, raw, signature)


def receipt_for(entry: JournalEntry) -> Receipt:
    """The promise about an entry that is going to be recorded."""
    by = times.rfc3339(times.parse(entry.at) + timedelta(seconds=MERGED_SECONDS))
    return Receipt(entry.tenant, entry.id, promised(record_of(entry)), entry.at, by)


def promised(record: Mapping[str, Any]) -> bytes:
    """The hash of what a receipt promises of an entry as it is served. Raises ValueError, KeyError or TypeError for what
    is none."""
    told = {name: record[name] for name in ("action", "id", "request_id", "resource", "tenant")}
    actor = {name: record["actor"][name] for name in ("roles", "type")}
    return sha256(canonical({**told, "actor": actor})).digest()


def as_header(note: str) -> str:
    """A receipt as an answer carries it: a note has lines, and a header none."""
    return base64.b64encode(note.encode()).decode()


def from_header(header: str) -> str:
    """The note again. Raises ValueError."""
    return base64.b64decode(header, validate=True).decode()


def opened_receipt(note: str, key: Key) -> Receipt:
    """What a receipt says, once its signature is verified. Raises ValueError, saying what is wrong with it."""
    text, _ = opened_text(note, KEY_NAME, key.raw, key.check)
    return read(text)


def read(text: str) -> Receipt:
    """What the text of a note promises; nothing of it is verified. Raises ValueError."""
    lines = text.split("\n")
    if len(lines) != _LINES or not lines[0].startswith(ORIGIN):
        raise ValueError("this is no receipt")
    if not lines[3].startswith(_GIVEN) or not lines[4].startswith(_BY):
        raise ValueError("the receipt does not say until when it promises")
    given, by = lines[3].removeprefix(_GIVEN), lines[4].removeprefix(_BY)
    return Receipt(lines[0].removeprefix(ORIGIN), lines[1], base64.b64decode(lines[2], validate=True), given, by)


def standing(receipt: Receipt, bundles: Sequence[tuple[Proven, Sequence[Mapping[str, Any]]]]) -> Standing:
    """What bundles, each proven, with its entries, say of a promise. It is broken where an entry of this id says
    something else, and where a bundle of the entry's time that was asked for after the promise has no such entry."""
    found = Standing.OPEN
    for proven, entries in bundles:
        if proven.checkpoint.origin.rpartition("/")[2] != receipt.tenant:
            continue
        mine = [entry for entry in entries if entry["id"] == receipt.entry_id]
        if mine:
            return Standing.KEPT if promised(mine[0]) == receipt.promised else Standing.BROKEN
        if _is_over(receipt, proven):
            found = Standing.BROKEN
    return found


def _is_over(receipt: Receipt, proven: Proven) -> bool:
    """Should this bundle have the entry? Its range is of a time that holds the whole promise, and so does its making."""
    begin, end = proven.checkpoint.lines[0].split(" ")[3:5]
    return begin <= receipt.given_at and end > receipt.merged_by and (proven.asked_at or "") > receipt.merged_by
