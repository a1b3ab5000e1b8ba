"""One secret at one version: everything about it but what it says."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from llm_config_domain.journal import JournalEntry, committed
from llm_config_domain.names import Name
from llm_config_domain.secrets.values import Sealed
from llm_config_domain.versions import ChangeType, Draft, Head, Version, succession

VERSION_ADDED = "secret.version_added"
"""A version that waits for its activation is no rotation yet."""


class SecretType(StrEnum):
    GENERIC = "generic"
    API_KEY = "api_key"
    DATABASE_CREDENTIALS = "database_credentials"
    CERTIFICATE = "certificate"
    SSH_KEY = "ssh_key"
    OAUTH_TOKEN = "oauth_token"  # noqa: S105 - a type's name
    JWT_SIGNING_KEY = "jwt_signing_key"
    CLOUD_CREDENTIALS = "cloud_credentials"


class Stage(StrEnum):
    """Where a version stands: it waits, it is in use, it was in use, it may not be read, it is gone."""

    PENDING = "pending"
    CURRENT = "current"
    PREVIOUS = "previous"
    REVOKED = "revoked"
    DESTROYED = "destroyed"


class Mark(StrEnum):
    """What a version's own row says; which of the live ones is current, only the head says."""

    PENDING = "pending"
    LIVE = "live"
    REVOKED = "revoked"
    DESTROYED = "destroyed"

    @property
    def readable(self) -> bool:
        return self in (Mark.PENDING, Mark.LIVE)


@dataclass(frozen=True, slots=True)
class SecretHead:
    """Where a secret stands: its newest version, the one in use (None: none is), the one that listings tell of (in
    use, or the last that was), whether the secret is deleted, and when it rotates next by itself (RFC 3339)."""

    newest: int
    current: int | None
    shown: int
    deleted: bool = False
    next_rotation_at: str | None = None

    @property
    def head(self) -> Head:
        """As preconditions see it."""
        return Head(self.shown, deleted=self.deleted)

    def stage_of(self, version: int, mark: Mark) -> Stage:
        if mark is not Mark.LIVE:
            return Stage(mark.value)
        return Stage.CURRENT if version == self.current else Stage.PREVIOUS

    def metadata(self, name: Name, record: Mapping[str, Any], mark: Mark) -> "SecretMetadata":
        """A version as this head shows it."""
        stage = self.stage_of(record["version"], mark)
        return SecretMetadata.from_record(name, record, stage, self.next_rotation_at)


NO_HEAD = SecretHead(0, None, 0, deleted=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretDraft(Draft):
    """What a writer brings beside the value. `version_id` is the new version's own id, for evidence of its use;
    without `activate` the version waits. `expires_at` and `computed` are as `SecretMetadata` has them."""

    type: SecretType
    version_id: str
    activate: bool = True
    expires_at: str | None = None
    computed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretMetadata(Version):
    """Everything about a version of a secret but its value. `stage`, and `next_rotation_at` of its secret, are as of the
    read; the rest never changes.

    `expires_at` (RFC 3339): from then on the value is of no use at its target; it may still be read. `computed` is what
    follows from the value and is public by nature: a certificate's end, a public key.
    """

    version_id: str
    type: SecretType
    stage: Stage
    expires_at: str | None = None
    computed: Mapping[str, Any] = field(default_factory=dict)
    next_rotation_at: str | None = None

    @property
    def receipt(self) -> dict[str, Any]:
        """What a repetition of the write that made it must tell again, though the secret has moved on."""
        return {"version": self.version, "stage": self.stage.value, "next_rotation_at": self.next_rotation_at}

    def to_record(self) -> dict[str, Any]:
        """All but the name, the sealed value and what changes with its secret, as JSON can hold it."""
        record = asdict(self)
        for held_elsewhere in ("name", "sealed", "stage", "next_rotation_at"):
            record.pop(held_elsewhere, None)
        return record

    @classmethod
    def from_record(
        cls, name: Name, record: Mapping[str, Any], stage: Stage, next_rotation_at: str | None = None
    ) -> "SecretMetadata":
        return SecretMetadata(name=name, stage=stage, next_rotation_at=next_rotation_at, **_typed(record))

    @classmethod
    def as_told(cls, name: Name, record: Mapping[str, Any], receipt: Mapping[str, Any]) -> "SecretMetadata":
        """As the write that made it was answered."""
        return cls.from_record(name, record, Stage(receipt["stage"]), receipt["next_rotation_at"])


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretVersion(SecretMetadata):
    """A version of a secret, sealed."""

    sealed: Sealed

    @property
    def metadata(self) -> SecretMetadata:
        return SecretMetadata.from_record(self.name, self.to_record(), self.stage, self.next_rotation_at)

    def told(self, entry: JournalEntry) -> JournalEntry:
        """`entry` as the record of this version: nothing of the value, sealed or not, is in it."""
        told = committed(
            entry,
            self.change_type,
            at=self.updated_at,
            version=self.version,
            revision=self.revision,
            reason=self.reason,
            version_id=self.version_id,
        )
        waits = self.stage is Stage.PENDING and self.change_type is ChangeType.UPDATE
        return replace(told, event_type=VERSION_ADDED) if waits else told

    @classmethod
    def whole(
        cls, name: Name, record: Mapping[str, Any], sealed: Sealed, stage: Stage, next_rotation_at: str | None = None
    ) -> "SecretVersion":
        return cls(name=name, sealed=sealed, stage=stage, next_rotation_at=next_rotation_at, **_typed(record))


def _typed(record: Mapping[str, Any]) -> dict[str, Any]:
    return {**record, "type": SecretType(record["type"]), "change_type": ChangeType(record["change_type"])}


def next_version(
    name: Name,
    head: SecretHead,
    shown: SecretMetadata | None,
    draft: SecretDraft,
    sealed: Sealed,
    *,
    revision: int,
    at: str,
) -> SecretVersion:
    """The version that `draft` becomes after all others of its name; `sealed` is bound to exactly that version."""
    fields = succession(name, shown, draft, revision=revision, at=at)
    fields["version"] = head.newest + 1
    fields["change_type"] = ChangeType.CREATE if head.deleted else ChangeType.UPDATE
    fields["expires_at"], fields["computed"] = draft.expires_at, dict(draft.computed)
    stage = Stage.CURRENT if draft.activate else Stage.PENDING
    return SecretVersion(
        version_id=draft.version_id,
        type=draft.type,
        stage=stage,
        sealed=sealed,
        next_rotation_at=head.next_rotation_at,
        **fields,
    )


def head_with(head: SecretHead, new: SecretVersion) -> SecretHead:
    """The head once `new` is written. What a deletion took out of use does not come back with a new version."""
    moved = replace(head, newest=new.version, deleted=False, next_rotation_at=new.next_rotation_at)
    if new.stage is Stage.CURRENT:
        return replace(moved, current=new.version, shown=new.version)
    return replace(moved, current=None, shown=new.version) if head.deleted else moved
