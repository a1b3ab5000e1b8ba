"""Store a secret: the next version of its name, sealed, and in use from now on unless it shall wait."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.secrets.answers import store_one, stored_answer
from llm_config.ports.clock import Clock
from llm_config.ports.identifiers import Identifiers
from llm_config.ports.key_inspector import KeyInspector
from llm_config.ports.sealer import Sealer
from llm_config.ports.secret_writer import SecretWriter
from llm_config_contract.secrets import PutSecretRequest, SecretMetadata


def put_secret(
    request: PutSecretRequest,
    context: Context,
    *,
    sealer: Sealer,
    secret_writer: SecretWriter,
    identifiers: Identifiers,
    key_inspector: KeyInspector,
    clock: Clock,
) -> Answer:
    done = store_one(request, context, sealer, secret_writer, identifiers, key_inspector, clock)
    return stored_answer(request, done)


PUT_SECRET = Operation(
    name="put_secret",
    summary="Create a secret or give it a new version",
    action="secrets:write",
    method="PUT",
    path="/api/v1/secrets/{path+}",
    request=PutSecretRequest,
    response=SecretMetadata,
    run=put_secret,
    recorded=Recorded.WITH_CHANGE,
    event_type="secret.write",
    success=(200, 201),
    holds_secret=True,
)
