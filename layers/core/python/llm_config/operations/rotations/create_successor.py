"""The target makes a new credential, and it waits as the next version of the secret."""

from dataclasses import replace

from llm_config.operations.operation import Answer, Context, Recorded, Task, Trigger
from llm_config.operations.rotations.engine import credential, of_change, taken, told, turn_of
from llm_config.operations.rotations.reuse import check_unused
from llm_config.ports.clock import Clock
from llm_config.ports.identifiers import Identifiers
from llm_config.ports.key_inspector import KeyInspector
from llm_config.ports.rotation_reader import RotationReader
from llm_config.ports.rotation_target import RotationTarget
from llm_config.ports.rotation_writer import RotationWriter
from llm_config.ports.sealer import Sealer
from llm_config.ports.unsealer import Unsealer
from llm_config_contract.rotation_tasks import RotationStepRequest
from llm_config_domain import json_text, times
from llm_config_domain.errors import TargetRefused, ValueRefused
from llm_config_domain.rotation.entries import Rotation, Step
from llm_config_domain.rotation.steps import Created
from llm_config_domain.secrets.entries import SecretDraft, SecretType
from llm_config_domain.secrets.types.forms import accepted
from llm_config_domain.secrets.types.reading import Known
from llm_config_domain.secrets.values import Plaintext


def create_successor(
    request: RotationStepRequest,
    context: Context,
    *,
    rotation_reader: RotationReader,
    rotation_writer: RotationWriter,
    rotation_target: RotationTarget,
    sealer: Sealer,
    unsealer: Unsealer,
    key_inspector: KeyInspector,
    identifiers: Identifiers,
    clock: Clock,
) -> Answer:
    rotation, due = turn_of(request, context, rotation_reader, clock, Step.CREATE)
    if not due:
        return told(request, rotation)
    current = credential(rotation, rotation.old_version, rotation_reader, unsealer)
    pending = rotation_target.create(rotation.turn, current)
    check_unused(pending, current, rotation, rotation_reader, unsealer)
    draft = _draft(rotation, rotation_reader, context, identifiers)
    known = _known(draft.type, pending, clock, key_inspector)
    draft = replace(draft, computed=known.computed, expires_at=known.ends_at)
    created = Created(attempt=request.attempt, draft=draft)
    entry = of_change(context, identifiers)
    return taken(request, rotation, created, rotation_writer, entry,
                 lambda version: sealer.seal(rotation.name, version, pending))  # fmt: skip


def _draft(rotation: Rotation, reader: RotationReader, context: Context, identifiers: Identifiers) -> SecretDraft:
    """What is known about the old version is known about the new one."""
    old = reader.sealed(rotation.name, rotation.old_version)
    return SecretDraft(
        type=old.type,
        author=context.caller.subject,
        new_id=identifiers.ulid(),
        version_id=identifiers.ulid(),
        reason=rotation.reason,
        classification=old.classification,
        tags=old.tags,
        activate=False,
    )


def _known(kind: SecretType, pending: Plaintext, clock: Clock, inspector: KeyInspector) -> Known:
    """What the type says of the new credential, as of one that somebody stores. Raises TargetRefused."""
    try:
        return accepted(kind, json_text.read(pending.reveal.decode()), times.rfc3339(clock.now()), inspector.inspect)
    except ValueRefused as refused:
        raise TargetRefused("the target made no secret of this type", violations=refused.violations) from None


CREATE_SUCCESSOR = Task(
    name="create_successor",
    summary="Make a new credential for a rotation",
    action="secrets:rotate",
    trigger=Trigger.STEP,
    request=RotationStepRequest,
    run=create_successor,
    recorded=Recorded.INTENT_AND_OUTCOME,
    event_type="rotation.target",
    holds_secret=True,
)
