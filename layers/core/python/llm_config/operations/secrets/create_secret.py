"""Create a secret: the first version of its name, or the next one of a name that was deleted."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.secrets.answers import store_one, stored_answer
from llm_config.ports.clock import Clock
from llm_config.ports.identifiers import Identifiers
from llm_config.ports.key_inspector import KeyInspector
from llm_config.ports.sealer import Sealer
from llm_config.ports.secret_writer import SecretWriter
from llm_config_contract.secrets import CreateSecretRequest, SecretMetadata


def create_secret(
    request: CreateSecretRequest,
    context: Context,
    *,
    sealer: Sealer,
    secret_writer: SecretWriter,
    identifiers: Identifiers,
    key_inspector: KeyInspector,
    clock: Clock,
) -> Answer:
    done = store_one(request, context, sealer, secret_writer, identifiers, key_inspector, clock, must_be_new=True)
    return stored_answer(request, done)


CREATE_SECRET = Operation(
    name="create_secret",
    summary="Create a secret that is not there yet",
    action="secrets:write",
    method="POST",
    path="/api/v1/secrets/{path+}",
    request=CreateSecretRequest,
    response=SecretMetadata,
    run=create_secret,
    recorded=Recorded.WITH_CHANGE,
    event_type="secret.write",
    success=(201,),
    holds_secret=True,
)
