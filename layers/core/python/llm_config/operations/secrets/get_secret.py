"""Read a secret: one version, or those that stand at some stages. The answer leaves when the read is on record."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.ports.secret_reader import SecretReader
from llm_config.ports.unsealer import Unsealer
from llm_config_contract.secrets import GetSecretAnswer, GetSecretRequest, GetSecretResponse, SecretValues
from llm_config_domain import json_text
from llm_config_domain.errors import Malformed, NotFound
from llm_config_domain.names import Name
from llm_config_domain.secrets.entries import SecretVersion
from llm_config_domain.secrets.types.forms import shown

MAX_LIVE = 10


def get_secret(
    request: GetSecretRequest, context: Context, *, secret_reader: SecretReader, unsealer: Unsealer
) -> Answer:
    name = context.name(request.path, request.environment)
    if request.stage is not None:
        return _at_stages(request, name, secret_reader, unsealer)
    found = secret_reader.entry(name, request.version)
    told = {"version": found.version, "version_id": found.version_id}
    return Answer(_opened(name, found, unsealer), etag=found.etag, metadata=told)


def _at_stages(request: GetSecretRequest, name: Name, reader: SecretReader, unsealer: Unsealer) -> Answer:
    if request.version is not None:
        raise Malformed("say which: either `version` or `stage`")
    found = [one for one in reader.live(name, MAX_LIVE) if one.stage.value in request.stages]
    if not found:
        raise NotFound("no version of this secret stands there")
    body = SecretValues(versions=[_opened(name, one, unsealer) for one in found])
    told = {"versions": [one.version for one in found], "version_ids": [one.version_id for one in found]}
    return Answer(body, etag=f'"{"-".join(f"{one.version}{one.stage.value[0]}" for one in found)}"', metadata=told)


def _opened(name: Name, found: SecretVersion, unsealer: Unsealer) -> GetSecretResponse:
    value = json_text.read(unsealer.unseal(name, found.version, found.sealed).reveal.decode())
    return GetSecretResponse(
        namespace=name.namespace,
        key=name.key,
        environment=name.environment,
        type=found.type.value,
        version=found.version,
        version_id=found.version_id,
        stage=found.stage.value,
        value=value,
        computed={**found.computed, **shown(found.type, value)},
        expires_at=found.expires_at,
        next_rotation_at=found.next_rotation_at,
    )


GET_SECRET = Operation(
    name="get_secret",
    summary="Read a secret's value",
    action="secrets:read",
    method="GET",
    path="/api/v1/secrets/{path+}",
    request=GetSecretRequest,
    response=GetSecretAnswer,
    run=get_secret,
    recorded=Recorded.BEFORE_RELEASE,
    event_type="secret.accessed",
    holds_secret=True,
)
