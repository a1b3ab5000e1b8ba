"""Delete a secret: it is not there for its readers. `restore_secret` brings it back."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.secrets.answers import move_one, signed
from llm_config.ports.secret_writer import SecretWriter
from llm_config_contract.secrets import DeleteSecretRequest
from llm_config_contract.wire import NoContent
from llm_config_domain.secrets.lifecycle import Deletion


def delete_secret(request: DeleteSecretRequest, context: Context, *, secret_writer: SecretWriter) -> Answer:
    done = move_one(request, context, secret_writer, Deletion(**signed(request)))
    return Answer(None, replayed=done.replayed)


DELETE_SECRET = Operation(
    name="delete_secret",
    summary="Delete a secret; it can be restored",
    action="secrets:delete",
    method="DELETE",
    path="/api/v1/secrets/{path+}",
    request=DeleteSecretRequest,
    response=NoContent,
    run=delete_secret,
    recorded=Recorded.WITH_CHANGE,
    event_type="secret.write",
    success=(204,),
)
