"""A service says that it is ready for the new version of a secret."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.rotations.answers import known, moved_answer
from llm_config.ports.rotation_reader import RotationReader
from llm_config.ports.rotation_writer import RotationWriter
from llm_config_contract.rotations import AcknowledgeRotationRequest, RotationView
from llm_config_domain.rotation.interventions import Acknowledged


def acknowledge_rotation(
    request: AcknowledgeRotationRequest,
    context: Context,
    *,
    rotation_reader: RotationReader,
    rotation_writer: RotationWriter,
) -> Answer:
    rotation = known(request, context, rotation_reader, "read")
    came = Acknowledged(service=request.service)
    done = rotation_writer.advance(rotation, came, entry=context.entry, idempotency=context.idempotency)
    return moved_answer(done)


ACKNOWLEDGE_ROTATION = Operation(
    name="acknowledge_rotation",
    summary="Say that a service is ready for the new version",
    action="secrets:read",
    method="POST",
    path="/api/v1/rotation-acknowledgements/{id}",
    request=AcknowledgeRotationRequest,
    response=RotationView,
    run=acknowledge_rotation,
    foreseen=False,
    recorded=Recorded.WITH_CHANGE,
    event_type="rotation.write",
    refusals=(409,),
)
