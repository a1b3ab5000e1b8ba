"""Who is on which revision: what the instances of services reported in the last quarter of an hour."""

from collections.abc import Mapping
from datetime import datetime

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.pages import Paging
from llm_config.ports.change_feed import ChangeFeed
from llm_config.ports.clock import Clock
from llm_config.ports.fleet_reader import FleetReader
from llm_config_contract.fleet import FleetMember, FleetPage, GetFleetRequest, SecretHeld
from llm_config_domain.errors import TooLarge
from llm_config_domain.fleet import FleetCount, FleetReport
from llm_config_domain.policy import Resource, decide

MAX_REPORTS = 5000
"""Counted together in one answer."""
MAX_NAMESPACES = 1000


def get_fleet(
    request: GetFleetRequest, context: Context, *, fleet_reader: FleetReader, change_feed: ChangeFeed, clock: Clock
) -> Answer:
    tenant, paging = context.caller.tenant, Paging(request, context, str, str, str, str)
    found = fleet_reader.reports(tenant, request.namespace, MAX_REPORTS + 1)
    shown = [report for report in found if _is_shown(report, request, context)]
    lines = dict(change_feed.lines(tenant, request.namespace, "", MAX_NAMESPACES + 1))
    if len(found) > MAX_REPORTS or len(lines) > MAX_NAMESPACES:
        raise TooLarge("this is too much to be counted at once: name a narrower namespace", limit=MAX_REPORTS)
    now = clock.now()
    count = FleetCount.of(report.standing(lines.get(report.namespace, 0), now) for report in shown)
    rest = [report for report in shown if paging.place is None or report.place > paging.place]
    page = rest[: paging.limit]
    told = FleetPage(
        total=count.total,
        current=count.current,
        behind=count.behind,
        stale=count.stale,
        converged=count.converged,
        items=[_member(report, context, lines, now) for report in page],
        next_cursor=paging.cursor(page[-1].place if len(rest) > len(page) else None),
    )
    return Answer(told, metadata={"items": len(page)})


def _is_shown(report: FleetReport, request: GetFleetRequest, context: Context) -> bool:
    if request.environment not in (None, report.environment):
        return False
    return decide(context.caller, "list", Resource("configs", f"{report.namespace}/*", report.environment)).allowed


def _member(report: FleetReport, context: Context, lines: Mapping[str, int], now: datetime) -> FleetMember:
    current = lines.get(report.namespace, 0)
    return FleetMember(
        service=report.service,
        instance=report.instance,
        namespace=report.namespace,
        environment=report.environment,
        revision=report.revision,
        current_revision=current,
        standing=report.standing(current, now).value,
        age_seconds=max(0, int(report.age_seconds(now))),
        reported_at=report.reported_at,
        reported_by=report.reported_by,
        secrets=[
            SecretHeld(path=path, version_id=version_id)
            for path, version_id in sorted(report.secrets.items())
            if decide(context.caller, "list", Resource("secrets", path, report.environment)).allowed
        ],
    )


GET_FLEET = Operation(
    name="get_fleet",
    summary="Who is on which revision",
    action="configs:list",
    method="GET",
    path="/api/v1/fleet",
    request=GetFleetRequest,
    response=FleetPage,
    run=get_fleet,
    recorded=Recorded.BEHIND,
    event_type="fleet.read",
    refusals=(413,),
)
