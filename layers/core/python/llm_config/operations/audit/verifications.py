"""Entries hashed anew, against the tree, and the tree against the largest checkpoint that was published."""

from dataclasses import dataclass

from llm_config.operations.audit.answers import from_tree
from llm_config.operations.audit.ranges import hashes_of
from llm_config.ports.audit_checkpoints import AuditCheckpoints
from llm_config.ports.audit_reader import AuditReader
from llm_config.ports.audit_signer import AuditSigner
from llm_config_domain.audit import tree
from llm_config_domain.audit.checkpoints import Checkpoint, origin_of, size_in
from llm_config_domain.names import TenantId

CHANGED = "entries are not those that were recorded"
FORKED = "the tree is not the one that was published"
ROLLED_BACK = "the tree is older than what was published"


@dataclass(frozen=True, slots=True)
class Verified:
    """So many entries were hashed; `root` is that of the tree; `reason` is what is wrong, where something is."""

    checked: int
    root: bytes
    reason: str | None


def verified(
    tenant: TenantId,
    first: int,
    last: int,
    size: int,
    audit_reader: AuditReader,
    audit_signer: AuditSigner,
    audit_checkpoints: AuditCheckpoints,
) -> Verified:
    """Leaves `first` up to and not including `last`, in the tree of the first `size`."""
    leaves = hashes_of(tenant, first, last, audit_reader)
    beside = from_tree(tenant, audit_reader, lambda lookup: tree.range_proof(first, last, size, lookup))
    made = tree.root_of_range(first, leaves, size, beside)
    root = from_tree(tenant, audit_reader, lambda lookup: tree.root(size, lookup))
    reason = CHANGED if made != root else _contradiction(tenant, size, audit_reader, audit_signer, audit_checkpoints)
    return Verified(len(leaves), root, reason)


def _contradiction(
    tenant: TenantId,
    size: int,
    audit_reader: AuditReader,
    audit_signer: AuditSigner,
    audit_checkpoints: AuditCheckpoints,
) -> str | None:
    """What is wrong with the tree beside the largest checkpoint published. Ed25519 signs the same twice the same
    (RFC 8032), so the note of then is the note of now where nothing was changed; witnesses' lines
    come behind it."""
    published = audit_checkpoints.latest(tenant)
    if published is None:
        return None
    then = size_in(published)
    if then > size:
        return ROLLED_BACK
    root = from_tree(tenant, audit_reader, lambda lookup: tree.root(then, lookup))
    again = audit_signer.sign(Checkpoint(origin_of(tenant), then, root))
    return None if published.startswith(again.note) else FORKED
