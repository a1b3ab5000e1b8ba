"""Make an API key. Its secret is in this one answer, which leaves when the key and its record are stored."""

from dataclasses import replace

from llm_config.operations.access.answers import key_fields
from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.ports.api_key_writer import ApiKeyWriter
from llm_config.ports.clock import Clock
from llm_config.ports.identifiers import Identifiers
from llm_config_contract.access import CreateApiKeyRequest, CreatedApiKey
from llm_config_domain import times
from llm_config_domain.api_keys import ApiKey, HeldKey, Presented
from llm_config_domain.errors import ValueRefused, Violation
from llm_config_domain.policy import Resource


def create_api_key(
    request: CreateApiKeyRequest,
    context: Context,
    *,
    api_key_writer: ApiKeyWriter,
    identifiers: Identifiers,
    clock: Clock,
) -> Answer:
    _check_expiry(request.expires_at, times.rfc3339(clock.now()))
    secret = Presented(identifiers.ulid(), identifiers.secret())
    entry = replace(context.entry, resource=Resource("api_keys", secret.id))
    done = api_key_writer.create(
        HeldKey(_new_key(request, context, secret.id), secret.digest), entry=entry, idempotency=context.idempotency
    )
    body = CreatedApiKey(key=None if done.replayed else secret.text, **key_fields(done.version))
    return Answer(body, created=True, location=f"/api/v1/api-keys/{done.version.id}", replayed=done.replayed)


def _check_expiry(expires_at: str | None, now: str) -> None:
    if expires_at is not None and expires_at <= now:
        refused = Violation("/expires_at", "future", "this lies in the future")
        raise ValueRefused("a key that has expired is of no use: name a later time", violations=[refused])


def _new_key(request: CreateApiKeyRequest, context: Context, key_id: str) -> ApiKey:
    return ApiKey(
        id=key_id,
        tenant=context.caller.tenant,
        name=request.name,
        roles=tuple(request.roles),
        namespaces=None if request.namespaces is None else tuple(request.namespaces),
        cidr=request.networks,
        expires_at=request.expires_at,
        created_at=context.entry.at,
        created_by=context.caller.subject,
    )


CREATE_API_KEY = Operation(
    name="create_api_key",
    summary="Make an API key; its secret is shown this once",
    action="access:write",
    method="POST",
    path="/api/v1/api-keys",
    request=CreateApiKeyRequest,
    response=CreatedApiKey,
    run=create_api_key,
    foreseen=False,
    recorded=Recorded.WITH_CHANGE,
    event_type="api_key.write",
    success=(201,),
    holds_secret=True,
)
