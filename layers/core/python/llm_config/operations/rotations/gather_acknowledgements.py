"""The window of acknowledgements is over: who has spoken, and who is missing?"""

from llm_config.operations.operation import Answer, Context, Recorded, Task, Trigger
from llm_config.operations.rotations.engine import taken
from llm_config.operations.rotations.evidence import evidence_of
from llm_config.ports.rotation_reader import RotationReader
from llm_config.ports.rotation_writer import RotationWriter
from llm_config.ports.usage_reader import UsageReader
from llm_config_contract.rotation_tasks import RotationStepRequest
from llm_config_domain.rotation.steps import Gathered


def gather_acknowledgements(
    request: RotationStepRequest,
    context: Context,
    *,
    rotation_reader: RotationReader,
    rotation_writer: RotationWriter,
    usage_reader: UsageReader,
) -> Answer:
    rotation = rotation_reader.entry(context.caller.tenant, request.rotation_id)
    step = Gathered(attempt=request.attempt, evidence=evidence_of(rotation, usage_reader))
    return taken(request, rotation, step, rotation_writer, context.entry)


GATHER_ACKNOWLEDGEMENTS = Task(
    name="gather_acknowledgements",
    summary="See who has acknowledged a rotation",
    action="secrets:rotate",
    trigger=Trigger.STEP,
    request=RotationStepRequest,
    run=gather_acknowledgements,
    recorded=Recorded.WITH_CHANGE,
    event_type="rotation.write",
)
