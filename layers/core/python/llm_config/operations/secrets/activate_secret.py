"""Put a version of a secret in use: one that waits, or one that was in use before."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.secrets.answers import move_one, moved_answer, signed
from llm_config.ports.secret_writer import SecretWriter
from llm_config_contract.secrets import ActivateSecretRequest, SecretMetadata
from llm_config_domain.secrets.lifecycle import Activation


def activate_secret(request: ActivateSecretRequest, context: Context, *, secret_writer: SecretWriter) -> Answer:
    return moved_answer(
        move_one(request, context, secret_writer, Activation(version=request.version, **signed(request)))
    )


ACTIVATE_SECRET = Operation(
    name="activate_secret",
    summary="Put a version in use",
    action="secrets:rotate",
    method="POST",
    path="/api/v1/secret-activations/{path+}",
    request=ActivateSecretRequest,
    response=SecretMetadata,
    run=activate_secret,
    recorded=Recorded.WITH_CHANGE,
    event_type="secret.write",
)
