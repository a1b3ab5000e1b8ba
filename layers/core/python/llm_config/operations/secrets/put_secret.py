"""Store a secret: the next version of its name, sealed, and current from now on."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.version_views import version_fields
from llm_config.ports.identifiers import Identifiers
from llm_config.ports.sealer import Sealer
from llm_config.ports.secret_writer import SecretWriter
from llm_config_contract.secrets import PutSecretRequest, SecretMetadata
from llm_config_domain.configs.entries import value_text
from llm_config_domain.secrets.entries import SecretDraft, SecretType, SecretVersion
from llm_config_domain.secrets.values import Plaintext
from llm_config_domain.versions import ChangeType, Preconditions


def put_secret(
    request: PutSecretRequest,
    context: Context,
    *,
    sealer: Sealer,
    secret_writer: SecretWriter,
    identifiers: Identifiers,
) -> Answer:
    name = context.name(request.path, request.environment)
    plaintext = Plaintext(value_text(request.value).encode())
    draft = SecretDraft(
        type=SecretType(request.type),
        author=context.caller.subject,
        new_id=identifiers.ulid(),
        version_id=identifiers.ulid(),
        reason=request.reason,
        classification=request.classification,
        tags=request.tags,
    )
    done = secret_writer.put(
        name,
        draft,
        lambda version: sealer.seal(name, version, plaintext),
        Preconditions(request.if_match, request.if_none_match),
        entry=context.entry,
        idempotency=context.idempotency,
    )
    return Answer(
        metadata_of(done.version),
        created=done.version.change_type is ChangeType.CREATE,
        etag=done.version.etag,
        location=f"/api/v1/secrets/{request.path}?environment={request.environment}",
        replayed=done.replayed,
    )


def metadata_of(entry: SecretVersion) -> SecretMetadata:
    return SecretMetadata(
        type=entry.type.value, version_id=entry.version_id, stage=entry.stage.value, **version_fields(entry)
    )


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
