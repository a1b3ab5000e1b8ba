"""Read a secret. The answer leaves when the read is on record."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.ports.secret_reader import SecretReader
from llm_config.ports.unsealer import Unsealer
from llm_config_contract.secrets import GetSecretRequest, GetSecretResponse
from llm_config_domain import json_text


def get_secret(
    request: GetSecretRequest, context: Context, *, secret_reader: SecretReader, unsealer: Unsealer
) -> Answer:
    name = context.name(request.path, request.environment)
    found = secret_reader.entry(name, request.version)
    plaintext = unsealer.unseal(name, found.version, found.sealed)
    body = GetSecretResponse(
        namespace=name.namespace,
        key=name.key,
        environment=name.environment,
        type=found.type.value,
        version=found.version,
        version_id=found.version_id,
        stage=found.stage.value,
        value=json_text.read(plaintext.reveal.decode()),
    )
    return Answer(body, etag=found.etag, metadata={"version": found.version, "version_id": found.version_id})


GET_SECRET = Operation(
    name="get_secret",
    summary="Read a secret's value",
    action="secrets:read",
    method="GET",
    path="/api/v1/secrets/{path+}",
    request=GetSecretRequest,
    response=GetSecretResponse,
    run=get_secret,
    recorded=Recorded.BEFORE_RELEASE,
    event_type="secret.accessed",
    holds_secret=True,
)
