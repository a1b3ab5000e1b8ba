"""Compliance reports on the wire: what a framework asks, what was seen of it, and the proof of what was seen."""

from typing import Annotated, Literal

from pydantic import AliasChoices, Field

from llm_config_contract.audit import AuditCheckpoint, AuditEntry
from llm_config_contract.wire import Glob, Time, Wire, from_query

FrameworkName = Literal["soc2", "gdpr", "hipaa", "pci-dss", "iso27001"]
StatusName = Literal["pass", "fail", "not_assessed"]


class GetComplianceReportRequest(Wire):
    framework: FrameworkName = from_query(description="which framework's controls")
    begin: Time | None = from_query(
        None, name="from", description="what was recorded from here on; 90 days before `to`"
    )
    end: Time | None = from_query(None, name="to", description="and before this time; now")
    namespace: Glob = from_query("*", description="secrets and entries of a namespace, or of all below one (`team/*`)")


class EntryProof(Wire):
    """The entry's audit path in the tree of the report's checkpoint (RFC 6962 section 2.1.1), from the leaf up."""

    entry: AuditEntry
    leaf_index: int
    hashes: list[str]


class EvidenceView(Wire):
    """`kind` is entry, secret, api_key, checkpoint or count; `reference` is its id or name. An entry has its proof."""

    kind: str
    reference: str
    summary: str
    proof: EntryProof | None = None


class FindingView(Wire):
    """`control` is the clause as the framework numbers it. `not_assessed`: not assessed by software."""

    control: str
    title: str
    status: StatusName
    reason: str
    action: Annotated[str | None, Field(description="what to do, where it did not pass")] = None
    evidence: list[EvidenceView]


class Summary(Wire):
    passed: Annotated[int, Field(alias="pass")]
    fail: int
    not_assessed: int


class ComplianceReport(Wire):
    """`status` is `pass` only when every control passed. `source` is the text whose clauses are named."""

    framework: FrameworkName
    title: str
    source: str
    tenant: str
    generated_at: str
    begin: Annotated[str, Field(serialization_alias="from", validation_alias=AliasChoices("from", "begin"))]
    end: Annotated[str, Field(serialization_alias="to", validation_alias=AliasChoices("to", "end"))]
    namespace: str
    status: StatusName
    summary: Summary
    findings: list[FindingView]
    checkpoint: AuditCheckpoint
