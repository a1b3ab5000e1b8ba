"""Exports that are too large for an answer: what one is of, and the text that it becomes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from llm_config_domain import json_text
from llm_config_domain.audit.checkpoints import Signed
from llm_config_domain.audit.entries import Leaf
from llm_config_domain.names import TenantId

URL_SECONDS = 15 * 60
"""How long the address of an export is good for."""


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """Leaves `first` up to and not including `last`, which are those of a time from `begin` and before `end` in the tree
    of `size` leaves. All of it is said when it is asked for, so that making it twice makes the same, but for names
    that were erased meanwhile. `at`: when it was asked for (RFC 3339)."""

    tenant: TenantId
    begin: str
    end: str
    first: int
    last: int
    size: int
    at: str

    @property
    def export_id(self) -> str:
        """The same for the same entries of the same time: who asks again asks for the same export."""
        told = f"{self.tenant} {self.begin} {self.end} {self.first} {self.last}"
        return sha256(told.encode()).hexdigest()[:32]

    def to_record(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ExportPlace:
    """Where an export is, or will be: who has the address may fetch it until `expires_at` (RFC 3339)."""

    url: str
    expires_at: str
    made: bool


def bundle_text(
    leaves: Iterable[Leaf],
    first: int,
    hashes: Sequence[bytes],
    signed: Signed,
    actors: Mapping[str, Mapping[str, str]],
) -> bytes:
    """The bundle that `bundles.verified` takes: each entry as it was hashed, read and written by nobody in between."""
    entries = ",".join(leaf.text for leaf in leaves)
    proofs = json_text.write({"first_index": first, "hashes": [one.hex() for one in hashes]})
    checkpoint = json_text.write(signed.to_record())
    named = json_text.write(actors)
    return f'{{"entries":[{entries}],"proofs":{proofs},"checkpoint":{checkpoint},"actors":{named}}}'.encode()
