"""What a copy and a move of a secret have in common: it is opened and sealed anew, and nobody sees it."""

from dataclasses import replace

from llm_config.operations.operation import Answer, Context
from llm_config.operations.secrets.answers import metadata_of
from llm_config.ports.identifiers import Identifiers
from llm_config.ports.sealer import Sealer
from llm_config.ports.secret_transfers import SecretTransfers
from llm_config.ports.unsealer import Unsealer
from llm_config_contract.secrets import CopySecretRequest
from llm_config_domain.policy import Resource
from llm_config_domain.secrets.entries import SecretVersion
from llm_config_domain.secrets.transfers import Transfer
from llm_config_domain.secrets.values import Sealed
from llm_config_domain.versions import ChangeType, Preconditions


def transfer_one(
    request: CopySecretRequest,
    context: Context,
    sealer: Sealer,
    unsealer: Unsealer,
    transfers: SecretTransfers,
    identifiers: Identifiers,
    *,
    keep: bool,
) -> Answer:
    """Raises what `SecretTransfers.transfer` raises."""
    to = request.to
    transfer = Transfer(
        source=context.name(request.path, request.environment),
        target=context.name(to.path, to.environment),
        keep=keep,
        author=context.caller.subject,
        new_id=identifiers.ulid(),
        version_id=identifiers.ulid(),
        reason=request.reason,
        preconditions=Preconditions(request.if_match, request.if_none_match),
    )

    def reseal(found: SecretVersion, version: int) -> Sealed:
        return sealer.seal(transfer.target, version, unsealer.unseal(found.name, found.version, found.sealed))

    entry = replace(context.entry, resource=Resource("secrets", to.path, to.environment))
    leaving = replace(context.entry, id=identifiers.ulid())
    done = transfers.transfer(transfer, reseal, entry=entry, leaving=leaving, idempotency=context.idempotency)
    return Answer(
        metadata_of(done.version),
        created=done.version.change_type is ChangeType.CREATE,
        etag=done.version.etag,
        location=f"/api/v1/secrets/{to.path}?environment={to.environment}",
        replayed=done.replayed,
    )
