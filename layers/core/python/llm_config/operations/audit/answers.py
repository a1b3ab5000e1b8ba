"""What the operations on the audit share: the tree behind a port, and how it is told."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from llm_config.ports.audit_reader import AuditReader
from llm_config.ports.audit_signer import AuditSigner
from llm_config.ports.audit_subjects import AuditSubjects
from llm_config_contract.audit import AuditCheckpoint, AuditEntry, NamedActor
from llm_config_domain.audit import tree
from llm_config_domain.audit.checkpoints import Checkpoint, Signed, origin_of
from llm_config_domain.audit.entries import Leaf
from llm_config_domain.audit.subjects import Subject
from llm_config_domain.audit.tree import Lookup
from llm_config_domain.names import TenantId

T = TypeVar("T")


def from_tree(tenant: TenantId, audit_reader: AuditReader, compute: Callable[[Lookup], T]) -> T:
    """What `compute` makes of the nodes that it asks for: they are fetched together."""
    return compute(audit_reader.nodes(tenant, tree.needed(compute)).__getitem__)


def signed_checkpoint(
    tenant: TenantId, size: int, audit_reader: AuditReader, audit_signer: AuditSigner, lines: tuple[str, ...] = ()
) -> Signed:
    root = from_tree(tenant, audit_reader, lambda lookup: tree.root(size, lookup))
    return audit_signer.sign(Checkpoint(origin_of(tenant), size, root, lines))


def checkpoint_view(signed: Signed) -> AuditCheckpoint:
    return AuditCheckpoint(**signed.to_record())


def entry_view(leaf: Leaf) -> AuditEntry:
    return AuditEntry.model_validate(leaf.record)


def actors_of(tenant: TenantId, leaves: Iterable[Leaf], audit_subjects: AuditSubjects) -> Mapping[str, Subject]:
    """{pseudonym: who it is} of those who are known still."""
    return audit_subjects.named(tenant, {leaf.record["actor"]["id"] for leaf in leaves})


def actors_view(actors: Mapping[str, Subject]) -> dict[str, NamedActor]:
    return {pseudonym: NamedActor(**subject.to_record()) for pseudonym, subject in actors.items()}


def actors_record(actors: Mapping[str, Subject]) -> dict[str, dict[str, str]]:
    return {pseudonym: subject.to_record() for pseudonym, subject in actors.items()}


def hexadecimal(hashes: Sequence[bytes]) -> list[str]:
    return [one.hex() for one in hashes]
