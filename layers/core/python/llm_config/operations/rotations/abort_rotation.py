"""Take a rotation back: before the promotion as if it had never been, in the grace the old version is in use again."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.rotations.answers import intervene
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
    return intervene(request, context, Aborted(), rotation_reader, rotation_writer, rotation_engine)


ABORT_ROTATION = Operation(
    name="abort_rotation",
    summary="Take a rotation back",
    action="secrets:rotate",
    method="POST",
    path="/api/v1/rotation-aborts/{id}",
    request=AbortRotationRequest,
    response=RotationView,
    run=abort_rotation,
    foreseen=False,
    recorded=Recorded.WITH_CHANGE,
    event_type="rotation.write",
    refusals=(409,),
)
