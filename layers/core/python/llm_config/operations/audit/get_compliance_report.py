"""What a framework asks, and what can be seen of it here and now: each finding with what it stands on."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from llm_config.operations.audit.answers import checkpoint_view, entry_view, from_tree, hexadecimal, signed_checkpoint
from llm_config.operations.audit.ranges import ordered
from llm_config.operations.audit.verifications import Verified, verified
from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.own_tenant import own_tenant
from llm_config.operations.pages import fill
from llm_config.ports.api_key_reader import ApiKeyReader
from llm_config.ports.audit_checkpoints import AuditCheckpoints
from llm_config.ports.audit_reader import AuditReader
from llm_config.ports.audit_signer import AuditSigner
from llm_config.ports.clock import Clock
from llm_config.ports.secret_reader import SecretReader
from llm_config.ports.tenant_reader import TenantReader
from llm_config_contract.compliance import (
    ComplianceReport,
    EntryProof,
    EvidenceView,
    FindingView,
    GetComplianceReportRequest,
    Summary,
)
from llm_config_domain import times
from llm_config_domain.api_keys import ApiKey
from llm_config_domain.audit import tree
from llm_config_domain.audit.entries import AuditQuery, Leaf
from llm_config_domain.compliance.checks import KINDS, Facts, looked
from llm_config_domain.compliance.controls import Evidence, Finding, counted, finding, worst
from llm_config_domain.compliance.frameworks import FRAMEWORKS
from llm_config_domain.names import TenantId
from llm_config_domain.secrets.entries import SecretMetadata

USUAL = timedelta(days=90)
AHEAD = timedelta(minutes=1)
"""Who recorded what was done this moment may have had a faster clock."""
MAX_ENTRIES = 1000
"""The newest of the time, which are hashed anew."""
OF_A_KIND = 100
"""Entries of each type that checks look at."""
MAX_THINGS = 2000
"""Secrets, or API keys, that are looked at together."""
_FIRST = datetime(1000, 1, 1, tzinfo=UTC)
Proofs = Mapping[int, EntryProof]


def get_compliance_report(
    request: GetComplianceReportRequest,
    context: Context,
    *,
    tenant_reader: TenantReader,
    audit_reader: AuditReader,
    audit_signer: AuditSigner,
    audit_checkpoints: AuditCheckpoints,
    secret_reader: SecretReader,
    api_key_reader: ApiKeyReader,
    clock: Clock,
) -> Answer:
    own_tenant(context.caller, tenant_reader)
    tenant, now, framework = context.caller.tenant, clock.now(), FRAMEWORKS[request.framework]
    begin, end = _period(request, now)
    size = audit_reader.caught_up(tenant)
    first, last = audit_reader.span(tenant, begin, end, size)
    newest = max(first, last - MAX_ENTRIES)
    seen = verified(tenant, newest, last, size, audit_reader, audit_signer, audit_checkpoints)
    query = AuditQuery(begin, end, namespace=None if request.namespace == "*" else request.namespace)
    leaves = _leaves(tenant, query, size, audit_reader)
    secrets, rest = _secrets(tenant, request.namespace, secret_reader)
    keys, more = _keys(tenant, api_key_reader)
    facts = _facts(now, leaves, seen, size, secrets, keys, complete=not rest and not more)
    found = looked(facts, framework)
    findings = [finding(control, found) for control in framework.controls]
    signed = signed_checkpoint(tenant, size, audit_reader, audit_signer)
    proofs = _proofs(tenant, findings, {leaf.index: leaf for leaf in leaves}, size, audit_reader)
    report = ComplianceReport(
        framework=request.framework,
        title=framework.title,
        source=framework.source,
        tenant=tenant,
        generated_at=times.rfc3339(now),
        begin=begin,
        end=end,
        namespace=request.namespace,
        status=worst(one.status for one in findings).value,
        summary=Summary.model_validate(counted(findings)),
        findings=[_view(one, proofs) for one in findings],
        checkpoint=checkpoint_view(signed),
    )
    return Answer(report, metadata={"framework": request.framework, "status": report.status, "tree_size": size})


def _period(request: GetComplianceReportRequest, now: datetime) -> tuple[str, str]:
    end = request.end or times.rfc3339(now + AHEAD)
    begin = request.begin or times.rfc3339(max(times.parse(end), _FIRST + USUAL) - USUAL)
    ordered(begin, end)
    return begin, end


def _leaves(tenant: TenantId, query: AuditQuery, size: int, audit_reader: AuditReader) -> list[Leaf]:
    """The newest of each kind, so that a thousand reads hide no change; the newest of all first. Entries that are about no
    namespace are part of all of them."""
    kinds = (replace(query, event_type=kind) for kind in KINDS)
    found = [leaf for kind in kinds for leaf in audit_reader.find(tenant, kind, size, OF_A_KIND)]
    return sorted(found, key=lambda leaf: leaf.index, reverse=True)


def _secrets(tenant: TenantId, glob: str, secret_reader: SecretReader) -> tuple[list[SecretMetadata], bool]:
    """(those that are not deleted, whether there are more)."""
    listed, rest = fill(
        MAX_THINGS,
        None,
        lambda after, limit: secret_reader.listing(tenant, glob, after, limit),
        lambda one: (one[0].name.namespace, one[0].name.key, one[0].name.environment),
        lambda one: not one[1],
    )
    return [metadata for metadata, _ in listed], rest is not None


def _keys(tenant: TenantId, api_key_reader: ApiKeyReader) -> tuple[list[ApiKey], bool]:
    """(those that are not revoked, whether there are more)."""
    found, rest = fill(
        MAX_THINGS,
        ("",),
        lambda after, limit: api_key_reader.listing(tenant, after[0], limit),
        lambda key: (key.id,),
        lambda key: key.revoked_at is None,
    )
    return found, rest is not None


def _facts(
    now: datetime,
    leaves: Sequence[Leaf],
    seen: Verified,
    size: int,
    secrets: Sequence[SecretMetadata],
    keys: Sequence[ApiKey],
    *,
    complete: bool,
) -> Facts:
    return Facts(
        now=now,
        leaves=leaves,
        checked=seen.checked,
        wrong=seen.reason,
        tree_size=size,
        secrets=secrets,
        api_keys=keys,
        complete=complete,
    )


def _proofs(
    tenant: TenantId, findings: Sequence[Finding], leaves: Mapping[int, Leaf], size: int, audit_reader: AuditReader
) -> Proofs:
    """Of every entry that a finding stands on, its nodes fetched together."""
    wanted = sorted({one.leaf for found in findings for one in found.evidence if one.leaf is not None})
    paths = from_tree(
        tenant, audit_reader, lambda lookup: {index: tree.inclusion(index, size, lookup) for index in wanted}
    )
    return {
        index: EntryProof(entry=entry_view(leaves[index]), leaf_index=index, hashes=hexadecimal(path))
        for index, path in paths.items()
    }


def _view(found: Finding, proofs: Proofs) -> FindingView:
    return FindingView(
        control=found.control.id,
        title=found.control.title,
        status=found.status.value,
        reason=found.reason,
        action=found.action or None,
        evidence=[_evidence(one, proofs) for one in found.evidence],
    )


def _evidence(one: Evidence, proofs: Proofs) -> EvidenceView:
    proof = None if one.leaf is None else proofs[one.leaf]
    return EvidenceView(kind=one.kind, reference=one.reference, summary=one.summary, proof=proof)


GET_COMPLIANCE_REPORT = Operation(
    name="get_compliance_report",
    summary="Report what can be seen here of a framework's controls",
    action="audit:read",
    method="GET",
    path="/api/v1/compliance-reports",
    request=GetComplianceReportRequest,
    response=ComplianceReport,
    run=get_compliance_report,
    recorded=Recorded.BEHIND,
    event_type="compliance.reported",
    refusals=(404,),
)
