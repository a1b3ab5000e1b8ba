"""The audit on the wire. An entry is served exactly as its leaf was hashed: what is not in it cannot be added later."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, RootModel

from llm_config_contract.access import Id
from llm_config_contract.wire import Glob, PageRequest, Time, Wire, from_header, from_path, from_query

Size = Annotated[int, Field(ge=0, lt=2**53)]


def _size(text: Any) -> Any:
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= 15 else text


QuerySize = Annotated[Size, BeforeValidator(_size)]


class PeriodRequest(Wire):
    """About a time: from `from` on and before `to`."""

    begin: Time = from_query(name="from", description="entries of this time on (RFC 3339)")
    end: Time = from_query(name="to", description="and before this one")


class ListAuditEntriesRequest(PeriodRequest, PageRequest):
    event_type: Annotated[str, Field(max_length=100)] | None = from_query(None, description="`config.updated`, ...")
    actor: Annotated[str, Field(max_length=255)] | None = from_query(None, description="who did it, by id")
    namespace: Glob | None = from_query(None, description="what was done in a namespace, or below one (`team/*`)")


class GetAuditCheckpointRequest(Wire):
    pass


class GetAuditProofRequest(Wire):
    entry_id: Id = from_path()
    receipt: str | None = from_header("Audit-Receipt", max_length=2000)
    """As an answer carried it: of an entry that is promised, and not in the tree yet, the answer is 202."""


class GetAuditConsistencyRequest(Wire):
    old: QuerySize = from_query(name="from", description="how many leaves the earlier tree had")
    new: QuerySize = from_query(name="to", description="how many the later one had")


class VerifyAuditRequest(Wire):
    begin: Annotated[Time, Field(alias="from", description="entries of this time on (RFC 3339)")]
    end: Annotated[Time, Field(alias="to", description="and before this one")]


class ExportAuditRequest(PeriodRequest):
    pass


class MakeAuditExportRequest(Wire):
    """An order for an export that was too large for an answer, as `llm_config_domain.audit.exports` has it."""

    tenant: str
    begin: str
    end: str
    first: Size
    last: Size
    size: Size
    at: str


class EraseSubjectRequest(Wire):
    """Nothing of it is recorded: the record would name whom it says to forget."""

    subject: Annotated[
        str, Field(min_length=1, max_length=255, description="who is to be forgotten, by name or by pseudonym")
    ]


class SubjectErasure(Wire):
    """`pseudonym` is what entries and leaves still say."""

    pseudonym: str
    erased_at: str


class MigrateAuditRequest(Wire):
    """Nothing is asked: what there is to do, the store and the clock say."""


class AuditUpkeep(Wire):
    """What was done now: migrations applied, months made ahead (`2026-11`), pieces archived, months dropped after it."""

    migrations: list[str]
    months: list[str]
    archived: list[str]
    dropped: list[str]


class ActorView(Wire):
    """`id` is a pseudonym where it is somebody's; entries from before there were pseudonyms name them."""

    id: str
    type: str
    roles: list[str]


class ResourceView(Wire):
    """`id` is `namespace/key` of a config or a secret."""

    type: str
    id: str
    environment: str | None


class ResultView(Wire):
    """`status` is success, failure or denied."""

    status: str
    latency_ms: int


class AuditEntry(Wire):
    id: str
    timestamp: str
    event_type: str
    severity: str
    tenant: str
    actor: ActorView
    resource: ResourceView
    action: str
    result: ResultView
    request_id: str
    metadata: dict[str, Any]


class AuditPage(Wire):
    items: list[AuditEntry]
    next_cursor: str | None = None
    actors: dict[str, str] = Field(default_factory=dict, description="{pseudonym: name} of those that are not erased")


class NamedActor(Wire):
    """`subject:` and the HMAC-SHA256 of `name` under `key` (its 64 letters, as they are) is the pseudonym."""

    name: str
    key: str


Actors = Annotated[dict[str, NamedActor], Field(description="{pseudonym: who it is} of those that are not erased")]


class AuditCheckpoint(Wire):
    """Hashes and the signature in hexadecimal, the Ed25519 key as PEM; `note` is the signed note that all of it is from."""

    tree_size: int
    root_hash: str
    signature: str
    public_key: str
    note: str


class AuditProof(Wire):
    """`hashes` is the audit path of RFC 6962 section 2.1.1, from the leaf up, in the tree of the checkpoint."""

    entry: AuditEntry
    leaf_index: int
    hashes: list[str]
    checkpoint: AuditCheckpoint
    actors: Actors = Field(default_factory=dict)


class PendingAuditProof(Wire):
    """The entry was promised and is not in the tree yet: `pending` until `merged_by`, then `overdue`. An overdue receipt and
    a later export without the entry are evidence that the promise was broken."""

    entry_id: str
    status: Literal["pending", "overdue"]
    merged_by: str


class AuditProofAnswer(RootModel[AuditProof | PendingAuditProof]):
    """The proof (200), or until when it was promised (202)."""


class AuditConsistency(Wire):
    """`hashes` is the proof of RFC 6962 section 2.1.2."""

    hashes: list[str]


class AuditVerification(Wire):
    """`checked` entries were hashed anew; `root` is that of the whole tree, made with them."""

    valid: bool
    checked: int
    root: str
    reason: Annotated[str | None, Field(description="what is wrong, where something is")] = None


class RangeProof(Wire):
    """The entries are leaves `first_index` and those that follow; `hashes` are those of the largest subtrees beside them,
    from left to right."""

    first_index: int
    hashes: list[str]


class AuditExport(Wire):
    """Every entry of the time asked for, and those that stand between them in the tree. `llm-config audit verify` proves
    it, offline."""

    entries: list[AuditEntry]
    proofs: RangeProof
    checkpoint: AuditCheckpoint
    actors: Actors


class PendingAuditExport(Wire):
    """More than one answer holds: the bundle is made behind this one, for whoever has its address. Until it is made the
    address answers 404; asking for the same export again gives a new one for the same bundle."""

    url: str
    expires_at: str
    status: Literal["pending", "made"]
    entries: Annotated[int, Field(description="how many the bundle has")]


class AuditExportAnswer(RootModel[AuditExport | PendingAuditExport]):
    """The bundle (200), or where it will be (202)."""
