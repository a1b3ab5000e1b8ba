"""What the steps of a rotation have in common: whose turn it is, and what the engine is told."""

from dataclasses import replace

from llm_config.operations.operation import Answer, Context
from llm_config.ports.clock import Clock
from llm_config.ports.identifiers import Identifiers
from llm_config.ports.rotation_reader import RotationReader
from llm_config.ports.rotation_writer import RotationWriter, Seal
from llm_config.ports.unsealer import Unsealer
from llm_config_contract.rotation_tasks import RotationStepRequest, RotationStepResult
from llm_config_domain import times
from llm_config_domain.journal import JournalEntry
from llm_config_domain.rotation.entries import Rotation, Step
from llm_config_domain.rotation.transitions import Transition
from llm_config_domain.secrets.values import Plaintext

NOTHING = "nothing"
"""The run of the engine has come to its end: the rotation has ended, is held, or another run has taken it over."""


def turn_of(
    request: RotationStepRequest, context: Context, reader: RotationReader, clock: Clock, step: Step
) -> tuple[Rotation, bool]:
    """(the rotation, whether it is this step's turn): asked before anything happens at the target."""
    rotation = reader.entry(context.caller.tenant, request.rotation_id)
    return rotation, rotation.is_due(step, request.attempt, clock.now())


def taken(
    request: RotationStepRequest,
    rotation: Rotation,
    transition: Transition,
    writer: RotationWriter,
    entry: JournalEntry,
    seal: Seal | None = None,
) -> Answer:
    done = writer.advance(rotation, transition, entry=entry, idempotency=None, seal=seal)
    return told(request, done.rotation, changed=done.changed)


def told(request: RotationStepRequest, rotation: Rotation, *, changed: bool = False) -> Answer:
    """What the engine hears: which step is next, and when."""
    ours = rotation.runs and rotation.attempt == request.attempt
    body = RotationStepResult(
        tenant=rotation.name.tenant,
        rotation_id=rotation.id,
        attempt=request.attempt,
        next=rotation.step.value if ours else NOTHING,
        not_before=times.whole_seconds(rotation.not_before),
    )
    return Answer(body, unchanged=not changed, metadata={"rotation_id": rotation.id, "next": body.next})


def of_change(context: Context, identifiers: Identifiers) -> JournalEntry:
    """The record of the change that a step makes beside the records of its effect outside: it has an id of its own."""
    return replace(context.entry, id=identifiers.ulid())


def credential(rotation: Rotation, version: int | None, reader: RotationReader, unsealer: Unsealer) -> Plaintext:
    """What a version of the rotation's secret says, whatever its mark: for the target alone. Raises NotFound."""
    found = reader.sealed(rotation.name, version or 0)
    return unsealer.unseal(rotation.name, found.version, found.sealed)
