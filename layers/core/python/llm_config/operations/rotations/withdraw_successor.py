"""The target forgets the new credential: as if it had never been."""

from llm_config.operations.operation import Answer, Context, Recorded, Task, Trigger
from llm_config.operations.rotations.engine import credential, of_change, taken, told, turn_of
from llm_config.ports.clock import Clock
from llm_config.ports.identifiers import Identifiers
from llm_config.ports.rotation_reader import RotationReader
from llm_config.ports.rotation_target import RotationTarget
from llm_config.ports.rotation_writer import RotationWriter
from llm_config.ports.unsealer import Unsealer
from llm_config_contract.rotation_tasks import RotationStepRequest
from llm_config_domain.rotation.entries import Rotation, Step
from llm_config_domain.rotation.steps import Withdrawn
from llm_config_domain.secrets.values import Plaintext


def withdraw_successor(
    request: RotationStepRequest,
    context: Context,
    *,
    rotation_reader: RotationReader,
    rotation_writer: RotationWriter,
    rotation_target: RotationTarget,
    unsealer: Unsealer,
    identifiers: Identifiers,
    clock: Clock,
) -> Answer:
    rotation, due = turn_of(request, context, rotation_reader, clock, Step.WITHDRAW)
    if not due:
        return told(request, rotation)
    pending = _pending(rotation, rotation_target, rotation_reader, unsealer)
    rotation_target.withdraw(rotation.turn, pending)
    return taken(
        request, rotation, Withdrawn(attempt=request.attempt), rotation_writer, of_change(context, identifiers)
    )


def _pending(rotation: Rotation, target: RotationTarget, reader: RotationReader, unsealer: Unsealer) -> Plaintext:
    """The new credential. Where none was stored, a try may have left one at the target: to create another removes it."""
    if rotation.new_version is not None:
        return credential(rotation, rotation.new_version, reader, unsealer)
    return target.create(rotation.turn, credential(rotation, rotation.old_version, reader, unsealer))


WITHDRAW_SUCCESSOR = Task(
    name="withdraw_successor",
    summary="Take a rotation's new credential back from its target",
    action="secrets:rotate",
    trigger=Trigger.STEP,
    request=RotationStepRequest,
    run=withdraw_successor,
    recorded=Recorded.INTENT_AND_OUTCOME,
    event_type="rotation.target",
    holds_secret=True,
)
