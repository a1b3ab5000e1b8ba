"""Copy a secret to another name, sealed anew for it, without anybody reading it."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.secrets.transfers import transfer_one
from llm_config.ports.identifiers import Identifiers
from llm_config.ports.sealer import Sealer
from llm_config.ports.secret_transfers import SecretTransfers
from llm_config.ports.unsealer import Unsealer
from llm_config_contract.secrets import CopySecretRequest, SecretMetadata


def copy_secret(
    request: CopySecretRequest,
    context: Context,
    *,
    sealer: Sealer,
    unsealer: Unsealer,
    secret_transfers: SecretTransfers,
    identifiers: Identifiers,
) -> Answer:
    return transfer_one(request, context, sealer, unsealer, secret_transfers, identifiers, keep=True)


COPY_SECRET = Operation(
    name="copy_secret",
    summary="Copy a secret to another name or environment",
    action="secrets:write",
    method="POST",
    path="/api/v1/secret-copies/{path+}",
    request=CopySecretRequest,
    response=SecretMetadata,
    run=copy_secret,
    foreseen=False,
    recorded=Recorded.WITH_CHANGE,
    event_type="secret.write",
    success=(200, 201),
)
