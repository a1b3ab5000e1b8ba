"""A tenant's tree as a service keeps it, its key, and the bundles that it gives out: for tests of what verifies them."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from llm_config_domain.audit import tree
from llm_config_domain.audit.bundles import Key, Unproven, export_lines, range_line, verified
from llm_config_domain.audit.checkpoints import Checkpoint, Signed, origin_of
from llm_config_domain.audit.leaves import leaf_of, record_of
from llm_config_domain.audit.subjects import Subject, pseudonymous
from llm_config_domain.audit.tree import Frontier, Node
from llm_config_domain.journal import Actor, JournalEntry, Result
from llm_config_domain.names import TenantId
from llm_config_domain.policy import Resource

ACME, GLOBEX = TenantId("01M7XB2CPDX901Z538HPJ3CH8B"), TenantId("01M7XB2CPDX901Z538HPJ3CH8C")
ANA = Subject("user:ana", "5" * 64)
ACTORS = {ANA.pseudonym: ANA.to_record()}
ASKED = "2026-12-01T00:00:05.000Z"
BEGIN, END = "2026-11-01T00:00:00.000Z", "2026-12-01T00:00:00.000Z"


def entry(number: int, tenant: TenantId = ACME) -> JournalEntry:
    return JournalEntry(
        id=f"01M7XB2CPDX901Z538HPJ3{number:04d}",
        at=f"2026-11-{number // 100 + 1:02d}T00:00:{number % 60:02d}.000Z",
        tenant=tenant,
        event_type="config.updated",
        severity="info",
        actor=Actor("user:ana", "user", ("operator",)),
        action="configs:write",
        resource=Resource("configs", "app/database", "production"),
        result=Result("success", 4),
        request_id=f"request-{number}",
        metadata={"version": number + 1, "reason": "més", "previous_version": number or None, "versions": [1, 2]},
    )


class Signer:
    """An Ed25519 key that signs, and as a verifier has it."""

    def __init__(self, seed: int = 1) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        self.public = self._private.public_key()
        self.raw = self.public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.pem = self.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def sign(self, message: bytes) -> bytes:
        return self._private.sign(message)

    def signed(self, checkpoint: Checkpoint) -> Signed:
        return Signed(checkpoint, self._private.sign(checkpoint.text.encode()), self.raw, self.pem)

    @property
    def key(self) -> Key:
        def check(message: bytes, signature: bytes) -> bool:
            try:
                self.public.verify(signature, message)
            except InvalidSignature:
                return False
            return True

        return Key(self.pem, self.raw, check)


class Log:
    """One tenant's."""

    def __init__(self, entries: Sequence[JournalEntry], signer: Signer | None = None, tenant: TenantId = ACME) -> None:
        self.signer, self.tenant = signer or Signer(), tenant
        told = [
            pseudonymous(replace(one, tenant=tenant), lambda name: Subject(name, ANA.key).pseudonym) for one in entries
        ]
        self.records = [record_of(one) for one in told]
        self.nodes: dict[Node, bytes] = {}
        self.frontier = Frontier()
        for record in self.records:
            self.frontier, made = self.frontier.appended(leaf_of(record))
            self.nodes.update(made)

    def checkpoint(self, size: int | None = None, lines: tuple[str, ...] = ()) -> Checkpoint:
        size = self.frontier.size if size is None else size
        return Checkpoint(origin_of(self.tenant), size, tree.root(size, self.nodes.__getitem__), lines)

    def bundle(self, first: int = 0, last: int | None = None, size: int | None = None) -> dict[str, Any]:
        """With the names of who acted."""
        last = (self.frontier.size if size is None else size) if last is None else last
        actors = ACTORS if first < last else {}
        lines = export_lines(first, last, BEGIN, END, actors, ASKED)
        return {**self._bundle(first, last, size, lines), "actors": json.loads(json.dumps(actors))}

    def earlier_bundle(self) -> dict[str, Any]:
        """As they were before there were pseudonyms."""
        last = self.frontier.size
        return self._bundle(0, last, last, (range_line(0, last, BEGIN, END),))

    def _bundle(self, first: int, last: int, size: int | None, lines: tuple[str, ...]) -> dict[str, Any]:
        size = self.frontier.size if size is None else size
        proof = tree.range_proof(first, last, size, self.nodes.__getitem__)
        checkpoint = self.checkpoint(size, lines)
        told = {
            "entries": self.records[first:last],
            "proofs": {"first_index": first, "hashes": [one.hex() for one in proof]},
            "checkpoint": self.signer.signed(checkpoint).to_record(),
        }
        copied: dict[str, Any] = json.loads(json.dumps(told))
        return copied


def log(size: int, **told: Any) -> Log:
    return Log([entry(number) for number in range(size)], **told)


def refused(bundle: Any, **held: Any) -> str:
    """What is said to be wrong with a bundle."""
    with pytest.raises(Unproven) as found:
        verified(bundle, Signer().key, **held)
    return str(found.value)
