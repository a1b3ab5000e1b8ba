"""When and how a secret rotates by itself."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.rotations.answers import settings_view
from llm_config.ports.rotation_reader import RotationReader
from llm_config_contract.rotations import GetRotationScheduleRequest, RotationScheduleView


def get_rotation_schedule(
    request: GetRotationScheduleRequest, context: Context, *, rotation_reader: RotationReader
) -> Answer:
    return Answer(settings_view(rotation_reader.settings(context.name(request.path, request.environment))))


GET_ROTATION_SCHEDULE = Operation(
    name="get_rotation_schedule",
    summary="When a secret rotates by itself",
    action="secrets:list",
    method="GET",
    path="/api/v1/rotation-schedules/{path+}",
    request=GetRotationScheduleRequest,
    response=RotationScheduleView,
    run=get_rotation_schedule,
    recorded=Recorded.BEHIND,
    event_type="rotation.read",
)
