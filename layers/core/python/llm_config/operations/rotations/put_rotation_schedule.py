"""Say when and how a secret rotates by itself."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.rotations.answers import draft_of, settings_view
from llm_config.ports.rotation_writer import RotationWriter
from llm_config_contract.rotations import PutRotationScheduleRequest, RotationScheduleView


def put_rotation_schedule(
    request: PutRotationScheduleRequest, context: Context, *, rotation_writer: RotationWriter
) -> Answer:
    name = context.name(request.path, request.environment)
    entry = context.entry.with_metadata(reason=request.reason)
    done = rotation_writer.put_settings(name, draft_of(request), entry=entry, idempotency=context.idempotency)
    return Answer(settings_view(done.version), replayed=done.replayed)


PUT_ROTATION_SCHEDULE = Operation(
    name="put_rotation_schedule",
    summary="Say when a secret rotates by itself",
    action="secrets:rotate",
    method="PUT",
    path="/api/v1/rotation-schedules/{path+}",
    request=PutRotationScheduleRequest,
    response=RotationScheduleView,
    run=put_rotation_schedule,
    recorded=Recorded.WITH_CHANGE,
    event_type="rotation.write",
)
