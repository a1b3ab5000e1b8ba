"""The new version is in use from now on."""

from llm_config.operations.operation import Answer, Context, Recorded, Task, Trigger
from llm_config.operations.rotations.engine import taken
from llm_config.operations.rotations.evidence import evidence_of
from llm_config.ports.rotation_reader import RotationReader
from llm_config.ports.rotation_writer import RotationWriter
from llm_config.ports.usage_reader import UsageReader
from llm_config_contract.rotation_tasks import RotationStepRequest
from llm_config_domain.rotation.steps import Promoted


def promote_successor(
    request: RotationStepRequest,
    context: Context,
    *,
    rotation_reader: RotationReader,
    rotation_writer: RotationWriter,
    usage_reader: UsageReader,
) -> Answer:
    rotation = rotation_reader.entry(context.caller.tenant, request.rotation_id)
    step = Promoted(attempt=request.attempt, evidence=evidence_of(rotation, usage_reader))
    return taken(request, rotation, step, rotation_writer, context.entry)


PROMOTE_SUCCESSOR = Task(
    name="promote_successor",
    summary="Put a rotation's new version in use",
    action="secrets:rotate",
    trigger=Trigger.STEP,
    request=RotationStepRequest,
    run=promote_successor,
    recorded=Recorded.WITH_CHANGE,
    event_type="rotation.write",
)
