"""List rotations, newest first: those of secrets that the caller may list."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.pages import Paging, fill
from llm_config.operations.rotations.answers import summary
from llm_config.ports.rotation_reader import RotationReader
from llm_config_contract.rotations import ListRotationsRequest, RotationPage
from llm_config_domain.rotation.entries import Rotation


def list_rotations(request: ListRotationsRequest, context: Context, *, rotation_reader: RotationReader) -> Answer:
    paging = Paging(request, context, str)

    def keep(rotation: Rotation) -> bool:
        asked_for = (
            request.status in (None, rotation.status.value)
            and request.secret in (None, rotation.name.path)
            and request.environment in (None, rotation.name.environment)
        )
        return asked_for and context.allows("list", rotation.name, "secrets")

    found, place = fill(
        paging.limit,
        paging.place,
        lambda before, limit: rotation_reader.listing(context.caller.tenant, before[0] if before else None, limit),
        lambda rotation: (rotation.id,),
        keep,
    )
    page = RotationPage(items=[summary(rotation) for rotation in found], next_cursor=paging.cursor(place))
    return Answer(page, metadata={"items": len(found)})


LIST_ROTATIONS = Operation(
    name="list_rotations",
    summary="List rotations, newest first",
    action="secrets:list",
    method="GET",
    path="/api/v1/rotations",
    request=ListRotationsRequest,
    response=RotationPage,
    run=list_rotations,
    recorded=Recorded.BEHIND,
    event_type="rotation.listed",
)
