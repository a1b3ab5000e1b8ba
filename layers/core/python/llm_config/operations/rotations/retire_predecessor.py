"""The target refuses the old credential from now on."""

from llm_config.operations.operation import Answer, Context, Recorded, Task, Trigger
from llm_config.operations.rotations.engine import credential, of_change, taken, told, turn_of
from llm_config.ports.clock import Clock
from llm_config.ports.identifiers import Identifiers
from llm_config.ports.rotation_reader import RotationReader
from llm_config.ports.rotation_target import RotationTarget
from llm_config.ports.rotation_writer import RotationWriter
from llm_config.ports.unsealer import Unsealer
from llm_config_contract.rotation_tasks import RotationStepRequest
from llm_config_domain.rotation.entries import Step
from llm_config_domain.rotation.steps import Retired


def retire_predecessor(
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
    rotation, due = turn_of(request, context, rotation_reader, clock, Step.RETIRE)
    if not due:
        return told(request, rotation)
    rotation_target.retire(rotation.turn, credential(rotation, rotation.old_version, rotation_reader, unsealer))
    return taken(request, rotation, Retired(attempt=request.attempt), rotation_writer, of_change(context, identifiers))


RETIRE_PREDECESSOR = Task(
    name="retire_predecessor",
    summary="Retire a rotation's old credential at its target",
    action="secrets:rotate",
    trigger=Trigger.STEP,
    request=RotationStepRequest,
    run=retire_predecessor,
    recorded=Recorded.INTENT_AND_OUTCOME,
    event_type="rotation.target",
    holds_secret=True,
)
