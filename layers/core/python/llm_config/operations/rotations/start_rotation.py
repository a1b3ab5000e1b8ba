"""Rotate a secret: a new version in stages, while the old one stays valid as long as somebody uses it."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.rotations.answers import started, wishes_of
from llm_config.ports.identifiers import Identifiers
from llm_config.ports.rotation_engine import RotationEngine
from llm_config.ports.rotation_writer import RotationWriter
from llm_config_contract.rotations import RotationStarted, StartRotationRequest
from llm_config_domain.rotation.beginnings import Beginning
from llm_config_domain.rotation.plan import Cause


def start_rotation(
    request: StartRotationRequest,
    context: Context,
    *,
    rotation_writer: RotationWriter,
    rotation_engine: RotationEngine,
    identifiers: Identifiers,
) -> Answer:
    beginning = Beginning(
        rotation_id=identifiers.ulid(),
        name=context.name(request.path, request.environment),
        cause=Cause(request.reason),
        requested_by=context.caller.subject,
        wishes=wishes_of(request),
        reason=request.comment,
        requires_target=request.requires_target,
    )
    done = rotation_writer.begin(beginning, entry=context.entry, idempotency=context.idempotency)
    if not done.replayed:
        started(done.version, rotation_engine)
    location = f"/api/v1/rotations/{done.version.id}"
    return Answer(
        RotationStarted(rotation_id=done.version.id), accepted=True, location=location, replayed=done.replayed
    )


START_ROTATION = Operation(
    name="start_rotation",
    summary="Rotate a secret",
    action="secrets:rotate",
    method="POST",
    path="/api/v1/rotations/{path+}",
    request=StartRotationRequest,
    response=RotationStarted,
    run=start_rotation,
    recorded=Recorded.WITH_CHANGE,
    event_type="rotation.write",
    success=(202,),
)
"""Its path and that of `get_rotation` differ by their methods: an id is one segment, a secret's path at least two."""
