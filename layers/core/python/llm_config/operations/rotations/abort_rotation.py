"""Take a rotation back: before the promotion as if it had never been, in the grace the old version is in use again."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.rotations.answers import known, moved_answer, started
from llm_config.ports.rotation_engine import RotationEngine
from llm_config.ports.rotation_reader import RotationReader
from llm_config.ports.rotation_writer import RotationWriter
from llm_config_contract.rotations import AbortRotationRequest, RotationView
from llm_config_domain.rotation.interventions import Aborted


def abort_rotation(
    request: AbortRotationRequest,
    context: Context,
    *,
    rotation_reader: RotationReader,
    rotation_writer: RotationWriter,
    rotation_engine: RotationEngine,
) -> Answer:
    rotation = known(request, context, rotation_reader, "rotate")
    entry = context.entry.with_metadata(reason=request.reason)
    done = rotation_writer.advance(rotation, Aborted(), entry=entry, idempotency=context.idempotency)
    if done.changed and not done.replayed:
        started(done.rotation, rotation_engine)
    return moved_answer(done)


ABORT_ROTATION = Operation(
    name="abort_rotation",
    summary="Take a rotation back",
    action="secrets:rotate",
    method="POST",
    path="/api/v1/rotation-aborts/{id}",
    request=AbortRotationRequest,
    response=RotationView,
    run=abort_rotation,
    recorded=Recorded.WITH_CHANGE,
    event_type="rotation.write",
    refusals=(409,),
)
