"""What operations on rotations have in common: the view, and who may see it."""

from typing import Any

from llm_config.operations.operation import Answer, Context
from llm_config.ports.rotation_engine import RotationEngine
from llm_config.ports.rotation_reader import RotationReader
from llm_config.ports.rotation_writer import RotationWriter
from llm_config_contract import rotations as wire
from llm_config_domain.errors import NotFound, Unavailable
from llm_config_domain.rotation.entries import Rotation
from llm_config_domain.rotation.plan import Missing, Strategy, Wishes
from llm_config_domain.rotation.settings import RotationSettings, SettingsDraft
from llm_config_domain.rotation.transitions import Advanced, Transition


def known(request: wire.RotationRequest, context: Context, reader: RotationReader, verb: str) -> Rotation:
    """The rotation of the request. Raises NotFound when it is another tenant's, or of a secret that is not for the
    caller: both are as absent."""
    rotation = reader.entry(context.caller.tenant, request.id)
    if not context.allows(verb, rotation.name, "secrets"):
        raise NotFound("there is no such rotation")
    return rotation


def intervene(
    request: wire.AbortRotationRequest | wire.ResumeRotationRequest,
    context: Context,
    transition: Transition,
    reader: RotationReader,
    writer: RotationWriter,
    engine: RotationEngine,
) -> Answer:
    """A person moves a rotation, and the engine goes on from there. Raises what `known` and the transition raise."""
    rotation = known(request, context, reader, "rotate")
    entry = context.entry.with_metadata(reason=request.reason)
    done = writer.advance(rotation, transition, entry=entry, idempotency=context.idempotency)
    if done.changed and not done.replayed:
        started(done.rotation, engine)
    return moved_answer(done)


def moved_answer(done: Advanced) -> Answer:
    told = {"rotation_id": done.rotation.id}
    return Answer(view(done.rotation), replayed=done.replayed, unchanged=not done.changed, metadata=told)


def started(rotation: Rotation, engine: RotationEngine) -> None:
    """Let the engine run. What it cannot take now, it is given again when the rotation counts as dead."""
    try:
        engine.start(rotation)
    except Unavailable:
        return


def wishes_of(body: wire.WishesBody) -> Wishes:
    said = {name: getattr(body, name) for name in wire.WishesBody.model_fields}
    strategy, missing = body.strategy, body.missing_acknowledgement
    said["strategy"] = Strategy(strategy) if strategy else None
    said["missing_acknowledgement"] = Missing(missing) if missing else None
    return Wishes(**said)


def draft_of(body: Any) -> SettingsDraft:
    """What a body says about how a secret rotates."""
    return SettingsDraft(
        schedule=body.schedule,
        timezone=body.timezone,
        enabled=body.enabled,
        target=body.target,
        wishes=wishes_of(body),
    )


def summary(rotation: Rotation) -> wire.RotationSummary:
    return wire.RotationSummary(**_summary(rotation))


def view(rotation: Rotation) -> wire.RotationView:
    plan = rotation.plan
    return wire.RotationView(
        **_summary(rotation),
        notice_seconds=plan.notice_seconds,
        acknowledgement_seconds=plan.acknowledgement_seconds,
        grace_seconds=plan.grace_seconds,
        quiet_seconds=plan.quiet_seconds,
        missing_acknowledgement=plan.missing_acknowledgement.value,
        acknowledgements=dict(rotation.acknowledgements),
        steps=[
            wire.RotationStep(step=one.step.value, at=one.at, outcome=one.outcome, evidence=dict(one.evidence))
            for one in rotation.steps
        ],
    )


def settings_view(settings: RotationSettings) -> wire.RotationScheduleView:
    """Raises NotFound where nothing happens by itself."""
    if settings.schedule is None:
        raise NotFound("this secret has no schedule")
    return wire.RotationScheduleView(
        namespace=settings.name.namespace,
        key=settings.name.key,
        environment=settings.name.environment,
        schedule=settings.schedule,
        timezone=settings.timezone,
        enabled=settings.enabled,
        target=dict(settings.target),
        next_rotation_at=settings.next_at,
        **{name: getattr(wish, "value", wish) for name, wish in settings.wishes.to_record().items()},
    )


def _summary(rotation: Rotation) -> dict[str, Any]:
    name = rotation.name
    return {
        "rotation_id": rotation.id,
        "namespace": name.namespace,
        "key": name.key,
        "environment": name.environment,
        "status": rotation.status.value,
        "step": rotation.step.value,
        "not_before": rotation.not_before,
        "reason": rotation.plan.cause.value,
        "strategy": rotation.plan.strategy.value,
        "comment": rotation.reason,
        "old_version": rotation.old_version,
        "new_version": rotation.new_version,
        "started_at": rotation.started_at,
        "requested_by": rotation.requested_by,
        "ended_at": rotation.ended_at,
        "next_rotation_at": rotation.next_rotation_at,
    }
