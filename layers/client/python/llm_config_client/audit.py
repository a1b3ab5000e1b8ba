"""Verifying what the audit gave out, offline: no server is asked, no credential is needed.

The rules are `llm_config_domain.audit.bundles`; this brings what they are pure of: files and an Ed25519 key. The same
check, for who trusts no package of ours, is docs/verify_audit.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from llm_config_domain import json_text
from llm_config_domain.audit.bundles import Key, Proven, Unproven, check_not_forked, checkpoint_in, verified
from llm_config_domain.audit.checkpoints import Check, Checkpoint
from llm_config_domain.audit.receipts import Standing, opened_receipt, standing
from llm_config_domain.audit.witnesses import Witness, is_cosigned
from llm_config_domain.errors import Malformed


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reason` says what is wrong; of a valid bundle there is none."""

    bundle: str
    reason: str | None = None
    proven: Proven | None = None

    @property
    def valid(self) -> bool:
        return self.reason is None

    def to_record(self) -> dict[str, Any]:
        return {"bundle": self.bundle, "valid": self.valid, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Promise:
    """What bundles say of a receipt: `kept`, `broken`, or `open`, with the reason where it is not kept."""

    receipt: str
    standing: Standing
    reason: str | None = None

    @property
    def kept(self) -> bool:
        return self.standing is Standing.KEPT

    def to_record(self) -> dict[str, Any]:
        return {"receipt": self.receipt, "standing": self.standing.value, "reason": self.reason}


_REASONS = {
    Standing.KEPT: None,
    Standing.BROKEN: "what was promised is not what the tree holds",
    Standing.OPEN: "no valid bundle is of its time and was asked for after it: export that time anew",
}


def key_of(pem: str) -> Key:
    """The Ed25519 public key of a PEM text. Raises ValueError for any other."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    public = serialization.load_pem_public_key(pem.encode())
    if not isinstance(public, Ed25519PublicKey):
        raise ValueError("the key is not an Ed25519 public key")
    raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    told = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return Key(told.decode(), raw, _check_of(raw))


def _check_of(raw: bytes) -> Check:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    public = Ed25519PublicKey.from_public_bytes(raw)

    def check(message: bytes, signature: bytes) -> bool:
        try:
            public.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    return check


def verify_bundles(bundles: Mapping[str, Path], key: Key, held: Path | None = None) -> list[Verdict]:
    """A verdict for each file, in order; bundles of one tree must not contradict each other either.

    Raises OSError for a file that cannot be read, Unproven for a held checkpoint that proves nothing itself.
    """
    known = _held(held, key) if held else None
    verdicts = [_verdict(name, path, key, known) for name, path in bundles.items()]
    return [_among(verdict, verdicts) for verdict in verdicts]


def not_witnessed(held: Path, vkeys: Sequence[str]) -> list[str]:
    """The names of those witnesses who did not cosign a checkpoint. Raises OSError, Unproven, and ValueError for a key."""
    told = _read(held)
    note = told["note"] if isinstance(told, dict) and isinstance(told.get("note"), str) else ""
    witnesses = [Witness.read(vkey) for vkey in vkeys]
    return [one.name for one in witnesses if not is_cosigned(note, one, _check_of(one.raw))]


def judge_receipts(
    receipts: Mapping[str, Path], key: Key, bundles: Mapping[str, Path], verdicts: Sequence[Verdict]
) -> list[Promise]:
    """Of each receipt, in order, whether the valid ones of `bundles` keep it; `key` is the one that signs receipts.

    Raises OSError for a file that cannot be read.
    """
    valid = [(one.proven, _read(bundles[one.bundle])["entries"]) for one in verdicts if one.proven and one.valid]
    return [_promise(name, path, key, valid) for name, path in receipts.items()]


def _promise(name: str, path: Path, key: Key, bundles: Sequence[tuple[Proven, Any]]) -> Promise:
    try:
        found = standing(opened_receipt(path.read_text("utf-8"), key), bundles)
    except ValueError as error:
        return Promise(name, Standing.OPEN, f"it proves nothing: {error}")
    return Promise(name, found, _REASONS[found])


def _held(path: Path, key: Key) -> Checkpoint:
    """A checkpoint as it is served, or the one of a bundle."""
    told = _read(path)
    return checkpoint_in(told.get("checkpoint", told) if isinstance(told, dict) else told, key)


def _verdict(name: str, path: Path, key: Key, held: Checkpoint | None) -> Verdict:
    try:
        return Verdict(name, proven=verified(_read(path), key, held))
    except Unproven as error:
        return Verdict(name, str(error))


def _among(verdict: Verdict, verdicts: Sequence[Verdict]) -> Verdict:
    """`verdict`, or that another bundle of the same tree proves otherwise."""
    try:
        for other in verdicts:
            if verdict.proven and other.proven:
                check_not_forked(verdict.proven, other.proven)
    except Unproven as error:
        return Verdict(verdict.bundle, str(error))
    return verdict


def _read(path: Path) -> Any:
    try:
        return json_text.read(path.read_text("utf-8"))
    except (Malformed, UnicodeDecodeError):
        raise Unproven("this is not JSON that can be read in one way only") from None
