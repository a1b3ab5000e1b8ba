"""The target makes a new credential, and it waits as the next version of the secret."""

from llm_config.operations.operation import Answer, Context, Recorded, Task, Trigger
from llm_config.operations.rotations.engine import credential, of_change, taken, told, turn_of
from llm_config.ports.clock import Clock
from llm_config.ports.identifiers import Identifiers
from llm_config.ports.rotation_reader import RotationReader
from llm_config.ports.rotation_target import RotationTarget
from llm_config.ports.rotation_writer import RotationWriter
from llm_config.ports.sealer import Sealer
from llm_config.ports.unsealer import Unsealer
from llm_config_contract.rotations import RotationStepRequest
from llm_config_domain.rotation.entries import Rotation, Step
from llm_config_domain.rotation.steps import Created
from llm_config_domain.secrets.entries import SecretDraft


def create_successor(
    request: RotationStepRequest,
    context: Context,
    *,
    rotation_reader: RotationReader,
    rotation_writer: RotationWriter,
    rotation_target: RotationTarget,
    sealer: Sealer,
    unsealer: Unsealer,
    identifiers: Identifiers,
    clock: Clock,
) -> Answer:
    rotation, due = turn_of(request, context, rotation_reader, clock, Step.CREATE)
    if not due:
        return told(request, rotation)
    current = credential(rotation, rotation.old_version, rotation_reader, unsealer)
    pending = rotation_target.create(rotation.turn, current)
    draft = _draft(rotation, rotation_reader, context, identifiers)
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
