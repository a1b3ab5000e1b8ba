"""Answer while the process runs. Nothing is asked of anything else."""

from llm_config.operations.operation import Answer, Operation
from llm_config_contract.health import EmptyRequest, Health


def check_live(request: EmptyRequest) -> Answer:
    return Answer(Health(status="live"))


CHECK_LIVE = Operation(
    name="check_live",
    summary="Is the process alive?",
    action="health:read",
    method="GET",
    path="/health/live",
    request=EmptyRequest,
    response=Health,
    run=check_live,
    recorded=None,
    public=True,
)
