"""Let a rotation that is held go on."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.rotations.answers import intervene
from llm_config.ports.rotation_engine import RotationEngine
from llm_config.ports.rotation_reader import RotationReader
from llm_config.ports.rotation_writer import RotationWriter
from llm_config_contract.rotations import ResumeRotationRequest, RotationView
from llm_config_domain.rotation.interventions import Resumed


def resume_rotation(
    request: ResumeRotationRequest,
    context: Context,
    *,
    rotation_reader: RotationReader,
    rotation_writer: RotationWriter,
    rotation_engine: RotationEngine,
) -> Answer:
    return intervene(request, context, Resumed(), rotation_reader, rotation_writer, rotation_engine)


RESUME_ROTATION = Operation(
    name="resume_rotation",
    summary="Let a held rotation go on",
    action="secrets:rotate",
    method="POST",
    path="/api/v1/rotation-resumptions/{id}",
    request=ResumeRotationRequest,
    response=RotationView,
    run=resume_rotation,
    foreseen=False,
    recorded=Recorded.WITH_CHANGE,
    event_type="rotation.write",
    refusals=(409,),
)
