"""A service reports which versions of its secrets it used, and how often in vain: the evidence of a rotation."""

from dataclasses import replace

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.rotations.answers import started
from llm_config.operations.rotations.evidence import evidence_of
from llm_config.ports.clock import Clock
from llm_config.ports.identifiers import Identifiers
from llm_config.ports.rotation_engine import RotationEngine
from llm_config.ports.rotation_reader import RotationReader
from llm_config.ports.rotation_writer import RotationWriter
from llm_config.ports.usage_reader import UsageReader
from llm_config.ports.usage_writer import UsageWriter
from llm_config_contract.rotations import ReportUsageRequest, UsageReported
from llm_config_domain import times
from llm_config_domain.rotation.evidence import Usage
from llm_config_domain.rotation.interventions import Reported


def report_usage(
    request: ReportUsageRequest,
    context: Context,
    *,
    usage_reader: UsageReader,
    usage_writer: UsageWriter,
    rotation_reader: RotationReader,
    rotation_writer: RotationWriter,
    rotation_engine: RotationEngine,
    identifiers: Identifiers,
    clock: Clock,
) -> Answer:
    running = [rotation_reader.running(context.name(touch.id, touch.environment or "")) for touch in request.touches]
    at = times.rfc3339(clock.now())  # nothing was written yet: who has no tenant is known by now
    for item in request.items:
        report = Usage(service=request.service, version_id=item.version_id).plus(item.uses, item.errors, at)
        usage_writer.add(context.name(item.path, item.environment), report)
    for rotation in running:
        if rotation is None or rotation.promoted_at is None:
            continue
        evidence = evidence_of(rotation, usage_reader)
        entry = replace(context.entry, id=identifiers.ulid())
        done = rotation_writer.advance(rotation, Reported(evidence=evidence), entry=entry, idempotency=None)
        if done.changed:
            started(done.rotation, rotation_engine)
    return Answer(UsageReported(accepted=len(request.items)), metadata={"items": len(request.items)})


REPORT_USAGE = Operation(
    name="report_usage",
    summary="Report which versions of secrets a service uses",
    action="secrets:read",
    method="POST",
    path="/api/v1/usage-reports",
    request=ReportUsageRequest,
    response=UsageReported,
    run=report_usage,
    recorded=Recorded.BEFORE_RELEASE,
    event_type="secret.usage_reported",
)
