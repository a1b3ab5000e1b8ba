"""Secrets on the wire. A value is shown by `GetSecretResponse` alone, and no model prints one."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, RootModel

from llm_config_contract.access import Id
from llm_config_contract.configs import Classification
from llm_config_contract.rotations import RotationBody, read_by_target
from llm_config_contract.wire import (
    BodyVersion,
    Environment,
    ItemPath,
    ListRequest,
    NamedRequest,
    PageRequest,
    QueryVersion,
    Reason,
    Tags,
    Time,
    Touch,
    VersionView,
    Wire,
    WriteHeaders,
    from_query,
)
from llm_config_domain.errors import Malformed

SecretType = Literal[
    "generic",
    "api_key",
    "database_credentials",
    "certificate",
    "ssh_key",
    "oauth_token",
    "jwt_signing_key",
    "cloud_credentials",
]


_COMPUTED = "what follows from the value and is public by nature, by type: `not_after`, `algorithm`, `public_key`, ..."
_NEXT = "when the secret rotates next by itself, as of this answer; null: it does not"


def _stages(text: str) -> str:
    if not set(text.split(",")) <= {"current", "previous"}:
        raise Malformed("`stage` is `current`, `previous` or `current,previous`")
    return text


QueryStages = Annotated[str, AfterValidator(_stages)]


class PutSecretRequest(NamedRequest, WriteHeaders):
    type: SecretType
    value: Annotated[Any, Field(repr=False, description="what the type says (docs/secret-types.md), at most 1 MiB")]
    reason: Reason | None = None
    classification: Classification = "confidential"
    tags: Tags = Field(default_factory=dict)
    expires_at: Annotated[
        Time | None,
        Field(description="in the future; left out, what the value itself says: a certificate's end, a token's"),
    ] = None
    activate: Annotated[bool, Field(description="false: the version waits for its activation")] = True
    rotation: Annotated[
        RotationBody | None, Field(description="how the secret rotates from now on; left out, as it did")
    ] = None

    @property
    def touches(self) -> tuple[Touch, ...]:
        target = self.rotation.target if self.rotation else None
        return (*super().touches, *read_by_target(target, self.environment))


class CreateSecretRequest(PutSecretRequest):
    """As PUT, for a name that must be new."""


class DeleteSecretRequest(NamedRequest, WriteHeaders):
    reason: Reason | None = from_query(None, description="why")


class ActivateSecretRequest(NamedRequest, WriteHeaders):
    version: BodyVersion
    reason: Reason | None = None


class RevokeSecretRequest(NamedRequest, WriteHeaders):
    version: BodyVersion
    reason: Reason | None = None


class DestroySecretRequest(NamedRequest, WriteHeaders):
    versions: Annotated[list[BodyVersion], Field(min_length=1, max_length=30)]
    reason: Reason | None = None


class RestoreSecretRequest(NamedRequest, WriteHeaders):
    reason: Reason | None = None


class Destination(Wire):
    path: ItemPath
    environment: Environment


class CopySecretRequest(NamedRequest, WriteHeaders):
    """If-Match and If-None-Match are about the secret that is copied."""

    source_verb: ClassVar[str] = "write"

    to: Destination
    reason: Reason | None = None

    @property
    def flow(self) -> tuple[Touch, Touch] | None:
        return Touch(self.path, self.environment), Touch(self.to.path, self.to.environment)

    @property
    def touches(self) -> tuple[Touch, ...]:
        return (
            Touch(self.path, self.environment, self.source_verb),
            Touch(self.to.path, self.to.environment, "write"),
        )


class MoveSecretRequest(CopySecretRequest):
    """As a copy, and the secret is deleted here: that must be allowed too."""

    source_verb: ClassVar[str] = "delete"


class ListSecretsRequest(ListRequest):
    pass


class ListSecretVersionsRequest(NamedRequest, PageRequest):
    pass


class GetSecretRequest(NamedRequest):
    version: QueryVersion | None = from_query(None, description="a version; the current one when left out")
    stage: QueryStages | None = from_query(
        None, description="`current`, `previous` or `current,previous`: every version that stands there and may be read"
    )

    @property
    def stages(self) -> frozenset[str]:
        return frozenset(self.stage.split(",")) if self.stage else frozenset()


class SecretMetadata(VersionView):
    """A secret's version without its value."""

    type: str
    version_id: str
    stage: str
    computed: Annotated[dict[str, Any], Field(description=_COMPUTED)] = Field(default_factory=dict)
    next_rotation_at: Annotated[str | None, Field(description=_NEXT)] = None


class TellExpiryRequest(Wire):
    """A version whose end, or the next notice of it, may have come."""

    tenant: Id
    path: ItemPath
    environment: Environment
    version: BodyVersion
    at: str

    @property
    def resource_id(self) -> str:
        return self.path

    @property
    def resource_environment(self) -> str | None:
        return self.environment


class ExpiryTold(Wire):
    """The type of the event that was told, if any was."""

    told: str | None


class SecretPage(Wire):
    items: list[SecretMetadata]
    next_cursor: str | None = None


class SecretVersions(Wire):
    versions: list[SecretMetadata]


class GetSecretResponse(Wire):
    namespace: str
    key: str
    environment: str
    type: str
    version: int
    version_id: str
    stage: str
    value: Annotated[Any, Field(repr=False, description="exactly as it was stored")]
    computed: Annotated[dict[str, Any], Field(repr=False, description=f"{_COMPUTED}; here also `connection_url`")] = (
        Field(default_factory=dict)
    )
    expires_at: str | None = None
    next_rotation_at: Annotated[str | None, Field(description=_NEXT)] = None


class SecretValues(Wire):
    """What stands at some stages: the version in use first, then newest first."""

    versions: list[GetSecretResponse]


class GetSecretAnswer(RootModel[GetSecretResponse | SecretValues]):
    """One version, or with `stage` all that stand there."""
