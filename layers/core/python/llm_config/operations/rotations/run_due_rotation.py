"""What has come due runs: a rotation whose run died or was parked, or one that a schedule begins."""

from llm_config.operations.operation import Answer, Context, Recorded, Task, Trigger
from llm_config.operations.rotations.answers import started
from llm_config.ports.identifiers import Identifiers
from llm_config.ports.rotation_engine import RotationEngine
from llm_config.ports.rotation_reader import RotationReader
from llm_config.ports.rotation_writer import RotationWriter
from llm_config_contract.rotation_tasks import DueRun, RunDueRequest
from llm_config_domain.errors import Conflict, Malformed, NotFound
from llm_config_domain.rotation.beginnings import Beginning
from llm_config_domain.rotation.interventions import Restarted
from llm_config_domain.rotation.plan import Cause, Wishes
from llm_config_domain.rotation.settings import SettingsDraft


def run_due_rotation(
    request: RunDueRequest,
    context: Context,
    *,
    rotation_reader: RotationReader,
    rotation_writer: RotationWriter,
    rotation_engine: RotationEngine,
    identifiers: Identifiers,
) -> Answer:
    if request.rotation_id is None:
        return _begun(request, context, rotation_writer, rotation_engine, identifiers)
    rotation = rotation_reader.entry(context.caller.tenant, request.rotation_id)
    restarted = Restarted(attempt=request.attempt)
    done = rotation_writer.advance(rotation, restarted, entry=context.entry, idempotency=None)
    if done.changed:
        started(done.rotation, rotation_engine)
    return Answer(DueRun(rotation_id=rotation.id if done.changed else None), unchanged=not done.changed)


def _begun(
    request: RunDueRequest,
    context: Context,
    writer: RotationWriter,
    engine: RotationEngine,
    identifiers: Identifiers,
) -> Answer:
    if request.path is None or request.environment is None:
        raise Malformed("what is due is a rotation or a secret's schedule")
    beginning = Beginning(
        rotation_id=identifiers.ulid(),
        name=context.name(request.path, request.environment),
        cause=Cause.SCHEDULED,
        requested_by=context.caller.subject,
        wishes=Wishes(),
        due=request.at,
    )
    try:
        done = writer.begin(beginning, entry=context.entry, idempotency=None)
    except (Conflict, NotFound):  # one runs, or nothing is in use: this time of the schedule is over all the same
        return _passed_over(beginning, request.at, context, writer)
    started(done.version, engine)
    return Answer(DueRun(rotation_id=done.version.id))


def _passed_over(beginning: Beginning, due: str, context: Context, writer: RotationWriter) -> Answer:
    try:
        writer.put_settings(beginning.name, SettingsDraft(due=due), entry=context.entry, idempotency=None)
    except Conflict:  # another tick was faster
        return Answer(DueRun(rotation_id=None), unchanged=True)
    return Answer(DueRun(rotation_id=None))


RUN_DUE_ROTATION = Task(
    name="run_due_rotation",
    summary="Run the rotations and schedules that are due",
    action="secrets:rotate",
    trigger=Trigger.TICK,
    agenda="rotation_agenda",
    request=RunDueRequest,
    run=run_due_rotation,
    recorded=Recorded.WITH_CHANGE,
    event_type="rotation.write",
)
