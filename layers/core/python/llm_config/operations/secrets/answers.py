"""What operations on one secret have in common: one move, and metadata for an answer."""

from typing import Any

from llm_config.operations.operation import Answer, Context
from llm_config.operations.rotations.answers import draft_of
from llm_config.operations.version_views import version_fields
from llm_config.ports.clock import Clock
from llm_config.ports.identifiers import Identifiers
from llm_config.ports.key_inspector import KeyInspector
from llm_config.ports.sealer import Sealer
from llm_config.ports.secret_writer import SecretWriter
from llm_config_contract import secrets as wire
from llm_config_contract.wire import NamedRequest
from llm_config_domain import times
from llm_config_domain.configs.entries import value_text
from llm_config_domain.secrets import expiry
from llm_config_domain.secrets.entries import SecretDraft, SecretMetadata, SecretType
from llm_config_domain.secrets.lifecycle import Move
from llm_config_domain.secrets.types.forms import accepted
from llm_config_domain.secrets.values import Plaintext
from llm_config_domain.versions import ChangeType, Committed, Preconditions


def signed(request: Any) -> dict[str, Any]:
    """What every move says beside its own: why, and on top of what."""
    return {"reason": request.reason, "preconditions": Preconditions(request.if_match, request.if_none_match)}


def store_one(
    request: wire.PutSecretRequest,
    context: Context,
    sealer: Sealer,
    writer: SecretWriter,
    identifiers: Identifiers,
    inspector: KeyInspector,
    clock: Clock,
    *,
    must_be_new: bool = False,
) -> Committed[SecretMetadata]:
    """Raises what `SecretWriter.put` raises, TooLarge, ValueRefused."""
    name = context.name(request.path, request.environment)
    plaintext = Plaintext(value_text(request.value).encode())
    kind, at = SecretType(request.type), times.rfc3339(clock.now())
    known = accepted(kind, request.value, at, inspector.inspect)
    draft = SecretDraft(
        type=kind,
        expires_at=expiry.chosen(request.expires_at, known.ends_at, at),
        computed=known.computed,
        author=context.caller.subject,
        new_id=identifiers.ulid(),
        version_id=identifiers.ulid(),
        reason=request.reason,
        classification=request.classification,
        tags=request.tags,
        activate=request.activate,
    )
    return writer.put(
        name,
        draft,
        lambda version: sealer.seal(name, version, plaintext),
        Preconditions(request.if_match, request.if_none_match, must_be_new),
        entry=context.entry,
        idempotency=context.idempotency,
        rotation=draft_of(request.rotation) if request.rotation else None,
    )


def stored_answer(request: NamedRequest, done: Committed[SecretMetadata]) -> Answer:
    return Answer(
        metadata_of(done.version),
        created=done.version.change_type is ChangeType.CREATE,
        etag=done.version.etag,
        location=f"/api/v1/secrets/{request.path}?environment={request.environment}",
        replayed=done.replayed,
    )


def move_one(
    request: NamedRequest, context: Context, writer: SecretWriter, move: Move
) -> Committed[tuple[SecretMetadata, ...]]:
    name = context.name(request.path, request.environment)
    return writer.move(name, move, entry=context.entry, idempotency=context.idempotency)


def moved_answer(done: Committed[tuple[SecretMetadata, ...]]) -> Answer:
    """The one version that the move was about."""
    return Answer(metadata_of(done.version[0]), etag=done.version[0].etag, replayed=done.replayed)


def metadata_of(entry: SecretMetadata) -> wire.SecretMetadata:
    return wire.SecretMetadata(
        type=entry.type.value,
        version_id=entry.version_id,
        stage=entry.stage.value,
        computed=dict(entry.computed),
        expires_at=entry.expires_at,
        next_rotation_at=entry.next_rotation_at,
        **version_fields(entry),
    )
