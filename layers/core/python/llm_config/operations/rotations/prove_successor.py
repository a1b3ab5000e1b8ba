"""The new credential becomes valid at its target, and is used there once."""

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
from llm_config_domain.rotation.steps import Passed


def prove_successor(
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
    rotation, due = turn_of(request, context, rotation_reader, clock, Step.TEST)
    if not due:
        return told(request, rotation)
    pending = credential(rotation, rotation.new_version, rotation_reader, unsealer)
    rotation_target.install(rotation.turn, pending)
    rotation_target.test(rotation.turn, pending)
    return taken(request, rotation, Passed(attempt=request.attempt), rotation_writer, of_change(context, identifiers))


PROVE_SUCCESSOR = Task(
    name="prove_successor",
    summary="Use a rotation's new credential once at its target",
    action="secrets:rotate",
    trigger=Trigger.STEP,
    request=RotationStepRequest,
    run=prove_successor,
    recorded=Recorded.INTENT_AND_OUTCOME,
    event_type="rotation.target",
    holds_secret=True,
)
