"""A checkpoint of the grace: who still uses the old version, and does the new one fail?"""

from llm_config.operations.operation import Answer, Context, Recorded, Task, Trigger
from llm_config.operations.rotations.engine import credential, taken, told, turn_of
from llm_config.operations.rotations.evidence import evidence_of
from llm_config.ports.clock import Clock
from llm_config.ports.rotation_reader import RotationReader
from llm_config.ports.rotation_target import RotationTarget
from llm_config.ports.rotation_writer import RotationWriter
from llm_config.ports.unsealer import Unsealer
from llm_config.ports.usage_reader import UsageReader
from llm_config_contract.rotation_tasks import RotationStepRequest
from llm_config_domain.rotation.entries import Rotation, Step
from llm_config_domain.rotation.steps import Judged


def judge_grace(
    request: RotationStepRequest,
    context: Context,
    *,
    rotation_reader: RotationReader,
    rotation_writer: RotationWriter,
    rotation_target: RotationTarget,
    usage_reader: UsageReader,
    unsealer: Unsealer,
    clock: Clock,
) -> Answer:
    rotation, due = turn_of(request, context, rotation_reader, clock, Step.GRACE)
    if not due:
        return told(request, rotation)
    last_used = _last_used(rotation, rotation_target, rotation_reader, unsealer)
    evidence = evidence_of(rotation, usage_reader, last_used)
    return taken(request, rotation, Judged(attempt=request.attempt, evidence=evidence), rotation_writer, context.entry)


def _last_used(rotation: Rotation, target: RotationTarget, reader: RotationReader, unsealer: Unsealer) -> str | None:
    """What the target itself saw. What is compromised goes whatever it says, and must not wait for it."""
    if rotation.plan.compromised:
        return None
    return target.last_used(rotation.turn, credential(rotation, rotation.old_version, reader, unsealer))


JUDGE_GRACE = Task(
    name="judge_grace",
    summary="Judge whether a rotation's old version may go",
    action="secrets:rotate",
    trigger=Trigger.STEP,
    request=RotationStepRequest,
    run=judge_grace,
    recorded=Recorded.WITH_CHANGE,
    event_type="rotation.write",
    holds_secret=True,
)
