"""One secret at one version: everything about it but what it says."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from llm_config_domain.journal import JournalEntry, committed
from llm_config_domain.names import Name
from llm_config_domain.secrets.values import Sealed
from llm_config_domain.versions import ChangeType, Draft, Version, succession


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretDraft(Draft):
    """What a writer brings beside the value. `version_id` is the new version's own id, for evidence of its use."""

    type: SecretType
    version_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretVersion(Version):
    """A version of a secret, sealed. `stage` is as of the read; everything else never changes."""

    version_id: str
    type: SecretType
    stage: Stage
    sealed: Sealed

    def told(self, entry: JournalEntry) -> JournalEntry:
        """`entry` as the record of this version: nothing of the value, sealed or not, is in it."""
        return committed(
            entry,
            self.change_type,
            at=self.updated_at,
            version=self.version,
            revision=self.revision,
            reason=self.reason,
            version_id=self.version_id,
        )

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


def next_version(
    name: Name, current: SecretVersion | None, draft: SecretDraft, sealed: Sealed, *, revision: int, at: str
) -> SecretVersion:
    """The version that `draft` becomes on top of `current`; `sealed` is bound to exactly that version."""
    return SecretVersion(
        version_id=draft.version_id,
        type=draft.type,
        stage=Stage.CURRENT,
        sealed=sealed,
        **succession(name, current, draft, revision=revision, at=at),
    )
