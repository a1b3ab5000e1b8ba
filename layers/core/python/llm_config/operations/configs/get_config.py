"""Read exactly one environment's entry of a config."""

from llm_config.operations.configs.answers import entry_of
from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.ports.config_reader import ConfigReader
from llm_config_contract.configs import ConfigEntry, GetConfigRequest


def get_config(request: GetConfigRequest, context: Context, *, config_reader: ConfigReader) -> Answer:
    entry = config_reader.entry(context.name(request.path, request.environment), request.version)
    return Answer(entry_of(entry), etag=entry.etag, metadata={"version": entry.version})


GET_CONFIG = Operation(
    name="get_config",
    summary="Read one environment's entry of a config",
    action="configs:read",
    method="GET",
    path="/api/v1/configs/{path+}",
    request=GetConfigRequest,
    response=ConfigEntry,
    run=get_config,
    recorded=Recorded.BEHIND,
    event_type="config.read",
)
