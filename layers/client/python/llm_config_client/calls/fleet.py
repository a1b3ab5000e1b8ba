"""The fleet: what the instances of services hold."""

from collections.abc import Mapping, Sequence
from typing import Any

from llm_config_client.calls.options import given
from llm_config_client.core import Call, Route, call
from llm_config_contract.fleet import FleetPage, FleetReceipt, GetFleetRequest, ReportFleetRequest

REPORT_FLEET = Route("POST", "/api/v1/fleet-reports", ReportFleetRequest, FleetReceipt)
GET_FLEET = Route("GET", "/api/v1/fleet", GetFleetRequest, FleetPage)


def report_fleet(service: str, instance: str, items: Sequence[Mapping[str, Any]]) -> Call[FleetReceipt]:
    """Say what this instance holds; `watch` does it by itself when it is told the service.

    An item: {namespace, environment, revision, secrets?: [{path, version_id}]}. Again within a minute, or it is stale.
    """
    return call(REPORT_FLEET, {"service": service, "instance": instance, "items": [dict(item) for item in items]})


def get_fleet(
    *,
    namespace: str | None = None,
    environment: str | None = None,
    limit: int | None = None,
    cursor: str | None = None,
) -> Call[FleetPage]:
    """Who is on which revision: how many are current, behind and stale, and a page of them."""
    return call(GET_FLEET, given(locals()))
