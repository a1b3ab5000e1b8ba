"""The history of one config, newest first, without values."""

from llm_config.operations.configs.answers import metadata_of
from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.pages import Paging
from llm_config.ports.config_reader import ConfigReader
from llm_config_contract.configs import ConfigPage, ListConfigVersionsRequest


def list_config_versions(
    request: ListConfigVersionsRequest, context: Context, *, config_reader: ConfigReader
) -> Answer:
    paging = Paging(request, context, int)
    name = context.name(request.path, request.environment)
    found = config_reader.history(name, paging.place[0] if paging.place else None, paging.limit)
    last = found[-1].version if found else 1
    items = [metadata_of(version) for version in found]
    page = ConfigPage(items=items, next_cursor=paging.cursor((last,) if last > 1 else None))
    return Answer(page, metadata={"items": len(found)})


LIST_CONFIG_VERSIONS = Operation(
    name="list_config_versions",
    summary="The history of a config",
    action="configs:read",
    method="GET",
    path="/api/v1/config-versions/{path+}",
    request=ListConfigVersionsRequest,
    response=ConfigPage,
    run=list_config_versions,
    recorded=Recorded.BEHIND,
    event_type="config.listed",
)
