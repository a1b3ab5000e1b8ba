"""Answer when requests can be served: the store answers."""

from llm_config.operations.operation import Answer, Operation
from llm_config.ports.health_probe import HealthProbe
from llm_config_contract.health import EmptyRequest, Health


def check_ready(request: EmptyRequest, *, health_probe: HealthProbe) -> Answer:
    health_probe.check()
    return Answer(Health(status="ready"))


CHECK_READY = Operation(
    name="check_ready",
    summary="Can requests be served?",
    action="health:read",
    method="GET",
    path="/health/ready",
    request=EmptyRequest,
    response=Health,
    run=check_ready,
    recorded=None,
    public=True,
)
