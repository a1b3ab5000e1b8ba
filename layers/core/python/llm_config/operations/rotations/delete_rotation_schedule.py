"""Take a secret's schedule away: it rotates when somebody asks for it, where and how it did."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.ports.rotation_writer import RotationWriter
from llm_config_contract.rotations import DeleteRotationScheduleRequest
from llm_config_contract.wire import NoContent
from llm_config_domain.rotation.settings import SettingsDraft


def delete_rotation_schedule(
    request: DeleteRotationScheduleRequest,
    context: Context,
    *,
    rotation_writer: RotationWriter,
) -> Answer:
    name = context.name(request.path, request.environment)
    draft = SettingsDraft(drops_schedule=True)
    done = rotation_writer.put_settings(name, draft, entry=context.entry, idempotency=context.idempotency)
    return Answer(None, replayed=done.replayed)


DELETE_ROTATION_SCHEDULE = Operation(
    name="delete_rotation_schedule",
    summary="Let a secret rotate no more by itself",
    action="secrets:rotate",
    method="DELETE",
    path="/api/v1/rotation-schedules/{path+}",
    request=DeleteRotationScheduleRequest,
    response=NoContent,
    run=delete_rotation_schedule,
    recorded=Recorded.WITH_CHANGE,
    event_type="rotation.write",
    success=(204,),
)
