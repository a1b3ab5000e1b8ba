"""Revoke a version of a secret: nobody reads it any more."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.secrets.answers import move_one, moved_answer, signed
from llm_config.ports.secret_writer import SecretWriter
from llm_config_contract.secrets import RevokeSecretRequest, SecretMetadata
from llm_config_domain.secrets.lifecycle import Revocation


def revoke_secret(request: RevokeSecretRequest, context: Context, *, secret_writer: SecretWriter) -> Answer:
    return moved_answer(
        move_one(request, context, secret_writer, Revocation(version=request.version, **signed(request)))
    )


REVOKE_SECRET = Operation(
    name="revoke_secret",
    summary="Revoke a version",
    action="secrets:rotate",
    method="POST",
    path="/api/v1/secret-revocations/{path+}",
    request=RevokeSecretRequest,
    response=SecretMetadata,
    run=revoke_secret,
    recorded=Recorded.WITH_CHANGE,
    event_type="secret.write",
)
