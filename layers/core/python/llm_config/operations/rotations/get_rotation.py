"""Where a rotation stands, and what has happened in it. Another tenant's is as absent."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.rotations.answers import known, view
from llm_config.ports.rotation_reader import RotationReader
from llm_config_contract.rotations import GetRotationRequest, RotationView


def get_rotation(request: GetRotationRequest, context: Context, *, rotation_reader: RotationReader) -> Answer:
    rotation = known(request, context, rotation_reader, "list")
    return Answer(view(rotation), metadata={"rotation_id": rotation.id})


GET_ROTATION = Operation(
    name="get_rotation",
    summary="Where a rotation stands",
    action="secrets:list",
    method="GET",
    path="/api/v1/rotations/{id}",
    request=GetRotationRequest,
    response=RotationView,
    run=get_rotation,
    recorded=Recorded.BEHIND,
    event_type="rotation.read",
)
