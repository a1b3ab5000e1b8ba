"""Erase the sealed bytes of versions of a secret, for good."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.secrets.answers import metadata_of, move_one, signed
from llm_config.ports.secret_writer import SecretWriter
from llm_config_contract.secrets import DestroySecretRequest, SecretVersions
from llm_config_domain.secrets.lifecycle import Destruction


def destroy_secret(request: DestroySecretRequest, context: Context, *, secret_writer: SecretWriter) -> Answer:
    versions = tuple(dict.fromkeys(request.versions))
    done = move_one(request, context, secret_writer, Destruction(versions=versions, **signed(request)))
    return Answer(SecretVersions(versions=[metadata_of(version) for version in done.version]), replayed=done.replayed)


DESTROY_SECRET = Operation(
    name="destroy_secret",
    summary="Erase versions for good",
    action="secrets:delete",
    method="POST",
    path="/api/v1/secret-destructions/{path+}",
    request=DestroySecretRequest,
    response=SecretVersions,
    run=destroy_secret,
    recorded=Recorded.WITH_CHANGE,
    event_type="secret.write",
)
