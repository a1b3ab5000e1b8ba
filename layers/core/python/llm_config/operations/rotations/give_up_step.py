"""A step failed, and went on failing: all is taken back, or a person must look."""

from llm_config.operations.operation import Answer, Context, Recorded, Task, Trigger
from llm_config.operations.rotations.engine import taken
from llm_config.ports.rotation_reader import RotationReader
from llm_config.ports.rotation_writer import RotationWriter
from llm_config_contract.rotation_tasks import GiveUpStepRequest
from llm_config_domain.rotation.steps import GaveUp


def give_up_step(
    request: GiveUpStepRequest, context: Context, *, rotation_reader: RotationReader, rotation_writer: RotationWriter
) -> Answer:
    rotation = rotation_reader.entry(context.caller.tenant, request.rotation_id)
    step = GaveUp(attempt=request.attempt, step=rotation.step, why=request.error)
    return taken(request, rotation, step, rotation_writer, context.entry)


GIVE_UP_STEP = Task(
    name="give_up_step",
    summary="Take a rotation back, or hold it, after a step that failed for good",
    action="secrets:rotate",
    trigger=Trigger.STEP,
    request=GiveUpStepRequest,
    run=give_up_step,
    recorded=Recorded.WITH_CHANGE,
    event_type="rotation.write",
)
