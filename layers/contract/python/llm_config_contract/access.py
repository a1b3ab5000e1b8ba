"""Identity and credentials on the wire."""

from typing import Annotated

from pydantic import AfterValidator, Field

from llm_config_contract.wire import (
    Glob,
    IdempotencyKey,
    PageRequest,
    Time,
    Touch,
    Wire,
    from_header,
    from_path,
)
from llm_config_domain import names, networks
from llm_config_domain.errors import Malformed
from llm_config_domain.policy import GIVE


def _printable(text: str) -> str:
    if not text.isprintable():
        raise Malformed("a name has no control characters")
    return text


def _all_different(items: list[str]) -> list[str]:
    return list(dict.fromkeys(items))


Id = Annotated[str, AfterValidator(names.check_id)]
Role = Annotated[str, AfterValidator(names.check_role)]
Roles = Annotated[list[Role], Field(min_length=1, max_length=20), AfterValidator(_all_different)]
Globs = Annotated[list[Glob], Field(max_length=50), AfterValidator(_all_different)]
Network = Annotated[str, Field(max_length=50), AfterValidator(networks.normal)]
Networks = Annotated[list[Network], Field(min_length=1, max_length=20), AfterValidator(_all_different)]
Label = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_printable)]


class WhoamiRequest(Wire):
    @property
    def resource_id(self) -> str:
        return "whoami"


class Whoami(Wire):
    tenant: str
    tenant_id: str
    subject: str
    actor_type: str
    roles: list[str]
    credential: str
    namespaces: Annotated[
        list[str] | None, Field(description="the namespaces that the credential names, if it names any")
    ] = None


def _gifts(roles: list[str]) -> tuple[Touch, ...]:
    return tuple(Touch(f"roles/{role}", verb=GIVE) for role in roles)


class CreateApiKeyRequest(Wire):
    name: Annotated[Label, Field(description="what it is for, in your words")]
    roles: Annotated[Roles, Field(description="such as you hold or may give")]
    expires_at: Time | None = None
    cidr: Annotated[
        Network | Networks | None,
        Field(description="the networks that it is good from; from all of them when left out"),
    ] = None
    namespaces: Annotated[Globs | None, Field(description="what a service account may read")] = None
    idempotency_key: IdempotencyKey | None = from_header("Idempotency-Key", min_length=1, max_length=255)

    @property
    def resource_id(self) -> str:
        return "api-keys"

    @property
    def touches(self) -> tuple[Touch, ...]:
        return (Touch(self.resource_id), *_gifts(self.roles))

    @property
    def networks(self) -> tuple[str, ...]:
        return (self.cidr,) if isinstance(self.cidr, str) else tuple(self.cidr or ())


class CreateServiceTokenRequest(Wire):
    subject: Annotated[
        str,
        Field(max_length=200, pattern=r"^(service:)?[A-Za-z0-9][A-Za-z0-9._/-]*$"),
        Field(description="the service; the token says `service:` before it"),
    ]
    roles: Annotated[Roles, Field(description="such as you hold or may give; `service-account` is always among them")]
    namespaces: Annotated[Globs | None, Field(description="what a service account may read")] = None
    ttl: Annotated[int, Field(ge=60, le=3600, description="seconds until it ends")] = 900

    @property
    def resource_id(self) -> str:
        return "service-tokens"

    @property
    def touches(self) -> tuple[Touch, ...]:
        return (Touch(self.resource_id), *_gifts(self.roles))


class ServiceToken(Wire):
    token: Annotated[str, Field(repr=False)]
    expires_at: str


class ApiKeyRequest(Wire):
    """About one key."""

    id: Id = from_path()

    @property
    def resource_id(self) -> str:
        return f"api-keys/{self.id}"


class GetApiKeyRequest(ApiKeyRequest):
    pass


class DeleteApiKeyRequest(ApiKeyRequest):
    idempotency_key: IdempotencyKey | None = from_header("Idempotency-Key", min_length=1, max_length=255)


class ListApiKeysRequest(PageRequest):
    @property
    def resource_id(self) -> str:
        return "api-keys"


class ApiKeyView(Wire):
    """What is known of a key; never its secret."""

    id: str
    name: str
    roles: list[str]
    namespaces: list[str] | None
    cidr: list[str] | None
    expires_at: str | None
    created_at: str
    created_by: str


class CreatedApiKey(ApiKeyView):
    key: Annotated[
        str | None,
        Field(repr=False, description="shown this once; null where the answer to an earlier request is repeated"),
    ]


class ApiKeyPage(Wire):
    items: list[ApiKeyView]
    next_cursor: str | None = None
