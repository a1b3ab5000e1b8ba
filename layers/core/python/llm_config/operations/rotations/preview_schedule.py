"""When a schedule would come: nothing is kept."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.ports.clock import Clock
from llm_config_contract.rotations import PreviewScheduleRequest, SchedulePreview
from llm_config_domain import times
from llm_config_domain.rotation import schedules


def preview_schedule(request: PreviewScheduleRequest, context: Context, *, clock: Clock) -> Answer:
    begin = times.parse(request.begin) if request.begin else clock.now()
    schedule = schedules.read(request.schedule, begin, request.timezone)
    found = schedules.preview(schedule, begin, request.count, request.timezone)
    return Answer(SchedulePreview(schedule=schedule.text, times=[times.rfc3339(moment) for moment in found]))


PREVIEW_SCHEDULE = Operation(
    name="preview_schedule",
    summary="When a schedule would come",
    action="secrets:list",
    method="POST",
    path="/api/v1/schedule-previews",
    request=PreviewScheduleRequest,
    response=SchedulePreview,
    run=preview_schedule,
    recorded=Recorded.BEHIND,
    event_type="rotation.previewed",
    refusals=(422,),
)
