"""Bring a deleted secret back, as it stood."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.secrets.answers import move_one, moved_answer, signed
from llm_config.ports.secret_writer import SecretWriter
from llm_config_contract.secrets import RestoreSecretRequest, SecretMetadata
from llm_config_domain.secrets.lifecycle import Restoration


def restore_secret(request: RestoreSecretRequest, context: Context, *, secret_writer: SecretWriter) -> Answer:
    return moved_answer(move_one(request, context, secret_writer, Restoration(**signed(request))))


RESTORE_SECRET = Operation(
    name="restore_secret",
    summary="Bring a deleted secret back",
    action="secrets:write",
    method="POST",
    path="/api/v1/secret-restores/{path+}",
    request=RestoreSecretRequest,
    response=SecretMetadata,
    run=restore_secret,
    recorded=Recorded.WITH_CHANGE,
    event_type="secret.write",
)
