"""An instance of a service says what it holds. Who may read something in a namespace may say that it holds it."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.ports.clock import Clock
from llm_config.ports.fleet_writer import FleetWriter
from llm_config_contract.fleet import FleetReceipt, ReportFleetRequest
from llm_config_domain import environments, times
from llm_config_domain.fleet import REPORT_AGAIN_SECONDS, FleetReport


def report_fleet(request: ReportFleetRequest, context: Context, *, fleet_writer: FleetWriter, clock: Clock) -> Answer:
    caller, at = context.caller, times.rfc3339(clock.now())
    for item in request.items:
        environments.check_owner(caller.tenant, item.environment)
    reports = [
        FleetReport(
            namespace=item.namespace,
            environment=item.environment,
            service=request.service,
            instance=request.instance,
            revision=item.revision,
            secrets={secret.path: secret.version_id for secret in item.secrets},
            reported_at=at,
            reported_by=caller.subject,
        )
        for item in request.items
    ]
    fleet_writer.report(caller.tenant, list({report.place: report for report in reports}.values()))
    told = {"service": request.service, "instance": request.instance, "items": len(reports)}
    return Answer(FleetReceipt(report_again_seconds=REPORT_AGAIN_SECONDS), metadata=told)


REPORT_FLEET = Operation(
    name="report_fleet",
    summary="Say what an instance of a service holds",
    action="configs:read",
    method="POST",
    path="/api/v1/fleet-reports",
    request=ReportFleetRequest,
    response=FleetReceipt,
    run=report_fleet,
    recorded=Recorded.BEHIND,
    event_type="fleet.reported",
)
