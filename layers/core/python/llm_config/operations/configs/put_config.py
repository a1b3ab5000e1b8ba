"""Store a config: the next version of its name, whether the name is new or not."""

from llm_config.operations.configs.answers import entry_answer, signed, write_one
from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.ports.config_writer import ConfigWriter
from llm_config.ports.identifiers import Identifiers
from llm_config_contract.configs import ConfigEntry, PutConfigRequest
from llm_config_domain.configs.changes import Replacement


def put_config(
    request: PutConfigRequest, context: Context, *, config_writer: ConfigWriter, identifiers: Identifiers
) -> Answer:
    change = Replacement.of(
        request.value,
        classification=request.classification,
        tags=request.tags,
        **signed(request, context, identifiers),
    )
    return entry_answer(request, write_one(request, context, config_writer, change))


PUT_CONFIG = Operation(
    name="put_config",
    summary="Create or update a config",
    action="configs:write",
    method="PUT",
    path="/api/v1/configs/{path+}",
    request=PutConfigRequest,
    response=ConfigEntry,
    run=put_config,
    recorded=Recorded.WITH_CHANGE,
    event_type="config.write",
    success=(200, 201),
)
