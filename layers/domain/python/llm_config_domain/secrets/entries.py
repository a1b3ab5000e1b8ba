"""One secret at one version: everything about it but what it says."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from llm_config_domain.configs.entries import Classification
from llm_config_domain.names import Name
from llm_config_domain.secrets.values import Sealed
from llm_config_domain.versions import ABSENT, ChangeType, Head, change_on, etag


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
    """Where a version stands. Manual writes move current to previous; the other moves come with rotation."""

    PENDING = "pending"
    CURRENT = "current"
    PREVIOUS = "previous"
    REVOKED = "revoked"
    DESTROYED = "destroyed"


@dataclass(frozen=True, slots=True)
class SecretDraft:
    """What a writer brings beside the value. `new_id` is used when the name is new, `version_id` always."""

    type: SecretType
    author: str
    new_id: str
    version_id: str
    reason: str | None = None
    classification: str = Classification.CONFIDENTIAL
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SecretVersion:
    """`stage` is as of the read; everything else of a version never changes. Times are RFC 3339."""

    name: Name
    id: str
    version: int
    version_id: str
    revision: int
    type: SecretType
    stage: Stage
    sealed: Sealed
    change_type: ChangeType
    classification: str
    tags: Mapping[str, str]
    reason: str | None
    created_at: str
    created_by: str
    updated_at: str
    updated_by: str

    @property
    def head(self) -> Head:
        return Head(self.version, deleted=self.change_type is ChangeType.DELETE)

    @property
    def etag(self) -> str:
        return etag(self.version)

    def to_record(self) -> dict[str, Any]:
        """All but the name, the sealed value and the stage, as JSON can hold it."""
        record = asdict(self)
        del record["name"], record["sealed"], record["stage"]
        return record

    @classmethod
    def from_record(cls, name: Name, record: Mapping[str, Any], sealed: Sealed, stage: Stage) -> "SecretVersion":
        fixed = {"type": SecretType(record["type"]), "change_type": ChangeType(record["change_type"])}
        return cls(name=name, sealed=sealed, stage=stage, **{**record, **fixed})


def stage_of(version: int, current: int) -> Stage:
    return Stage.CURRENT if version == current else Stage.PREVIOUS


def head_of(current: SecretVersion | None) -> Head:
    return current.head if current else ABSENT


def next_version(
    name: Name, current: SecretVersion | None, draft: SecretDraft, sealed: Sealed, *, revision: int, at: str
) -> SecretVersion:
    """The version that `draft` becomes on top of `current`; `sealed` is bound to exactly that version."""
    head = head_of(current)
    return SecretVersion(
        name=name,
        id=current.id if current else draft.new_id,
        version=head.version + 1,
        version_id=draft.version_id,
        revision=revision,
        type=draft.type,
        stage=Stage.CURRENT,
        sealed=sealed,
        change_type=change_on(head),
        classification=draft.classification,
        tags=dict(draft.tags),
        reason=draft.reason,
        created_at=current.created_at if current else at,
        created_by=current.created_by if current else draft.author,
        updated_at=at,
        updated_by=draft.author,
    )
