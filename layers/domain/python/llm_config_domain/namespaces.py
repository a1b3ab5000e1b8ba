"""A namespace: what is said about it, and that it is there.

It is there once something was written in it, or once something is said about it. What is said has versions of its own,
which are counted on after a deletion, so that no entity tag is ever used twice.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from llm_config_domain.errors import Conflict, NotFound
from llm_config_domain.versions import ABSENT, ChangeType, Head, Preconditions, etag


@dataclass(frozen=True, slots=True, kw_only=True)
class NamespaceDraft:
    """What a writer says about a namespace, all of it at once."""

    author: str
    description: str | None = None
    owner_team: str | None = None
    contacts: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    reason: str | None = None
    staleness_bound_seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamespaceMetadata:
    """What is said about a namespace since `updated_at`. Times are RFC 3339. `staleness_bound_seconds`: how old an answer about
    its configs may be; None where nothing is said of it."""

    version: int
    change_type: ChangeType
    description: str | None
    owner_team: str | None
    contacts: tuple[str, ...]
    tags: Mapping[str, str]
    reason: str | None
    created_at: str
    created_by: str
    updated_at: str
    updated_by: str
    staleness_bound_seconds: int | None = None

    @property
    def head(self) -> Head:
        return Head(self.version, deleted=self.change_type is ChangeType.DELETE)

    @property
    def told(self) -> dict[str, Any]:
        """What the record of its change says."""
        bound = self.staleness_bound_seconds
        said = {} if bound is None else {"staleness_bound_seconds": bound}
        return {"change_type": self.change_type, "version": self.version, "reason": self.reason, **said}

    def to_record(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "NamespaceMetadata":
        told = {"change_type": ChangeType(record["change_type"]), "contacts": tuple(record["contacts"])}
        return cls(**{**record, **told})


@dataclass(frozen=True, slots=True)
class Namespace:
    """`configs_revision` and `secrets_revision` are 0 where nothing of the kind was ever written. `metadata` may be of a
    deletion: then nothing is said any more."""

    name: str
    metadata: NamespaceMetadata | None
    configs_revision: int = 0
    secrets_revision: int = 0

    @property
    def said(self) -> NamespaceMetadata | None:
        """What is said about it now."""
        return None if self.head.deleted else self.metadata

    @property
    def head(self) -> Head:
        return self.metadata.head if self.metadata else ABSENT

    @property
    def etag(self) -> str | None:
        return etag(self.metadata.version) if self.metadata and self.said else None

    @property
    def exists(self) -> bool:
        return bool(self.said or self.configs_revision or self.secrets_revision)

    def to_record(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Namespace":
        told = record["metadata"]
        return cls(**{**record, "metadata": NamespaceMetadata.from_record(told) if told else None})

    def required(self) -> "Namespace":
        """Itself. Raises NotFound when there is no such namespace."""
        if not self.exists:
            raise NotFound("there is no such namespace")
        return self

    def described(self, draft: NamespaceDraft, preconditions: Preconditions, at: str) -> NamespaceMetadata:
        """What is said once `draft` says it. Raises PreconditionFailed."""
        preconditions.check(self.head)
        said = self.said
        return NamespaceMetadata(
            version=self.head.version + 1,
            change_type=ChangeType.UPDATE if said else ChangeType.CREATE,
            description=draft.description,
            owner_team=draft.owner_team,
            contacts=draft.contacts,
            tags=dict(draft.tags),
            reason=draft.reason,
            created_at=said.created_at if said else at,
            created_by=said.created_by if said else draft.author,
            updated_at=at,
            updated_by=draft.author,
            staleness_bound_seconds=draft.staleness_bound_seconds,
        )

    def undescribed(
        self, draft: NamespaceDraft, preconditions: Preconditions, at: str, *, holds: bool
    ) -> NamespaceMetadata:
        """That nothing is said any more. Raises PreconditionFailed; NotFound when nothing is said; Conflict when it
        `holds` a config or a secret that is not deleted."""
        preconditions.check(self.head)
        if self.metadata is None or self.said is None:
            raise NotFound("nothing is said about this namespace")
        if holds:
            raise Conflict("the namespace holds configs or secrets: delete them first")
        return replace(
            self.metadata,
            version=self.metadata.version + 1,
            change_type=ChangeType.DELETE,
            description=None,
            owner_team=None,
            contacts=(),
            tags={},
            staleness_bound_seconds=None,
            reason=draft.reason,
            updated_at=at,
            updated_by=draft.author,
        )
