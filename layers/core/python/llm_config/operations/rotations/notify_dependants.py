"""Everybody is told that a new version comes, by the event of this change."""

from llm_config.operations.operation import Answer, Context, Recorded, Task, Trigger
from llm_config.operations.rotations.engine import taken
from llm_config.ports.rotation_reader import RotationReader
from llm_config.ports.rotation_writer import RotationWriter
from llm_config_contract.rotation_tasks import RotationStepRequest
from llm_config_domain.rotation.steps import Notified


def notify_dependants(
    request: RotationStepRequest, context: Context, *, rotation_reader: RotationReader, rotation_writer: RotationWriter
) -> Answer:
    rotation = rotation_reader.entry(context.caller.tenant, request.rotation_id)
    return taken(request, rotation, Notified(attempt=request.attempt), rotation_writer, context.entry)


NOTIFY_DEPENDANTS = Task(
    name="notify_dependants",
    summary="Tell who uses a secret that its new version comes",
    action="secrets:rotate",
    trigger=Trigger.STEP,
    request=RotationStepRequest,
    run=notify_dependants,
    recorded=Recorded.WITH_CHANGE,
    event_type="rotation.write",
)
