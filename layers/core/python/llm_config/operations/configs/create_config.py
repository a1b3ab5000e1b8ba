"""Create a config: the first version of its name, or the next one of a name that was deleted."""

from llm_config.operations.configs.answers import entry_answer, signed, write_one
from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.ports.config_writer import ConfigWriter
from llm_config.ports.identifiers import Identifiers
from llm_config_contract.configs import ConfigEntry, CreateConfigRequest
from llm_config_domain.configs.changes import Replacement


def create_config(
    request: CreateConfigRequest, context: Context, *, config_writer: ConfigWriter, identifiers: Identifiers
) -> Answer:
    change = Replacement.of(
        request.value,
        classification=request.classification,
        tags=request.tags,
        **signed(request, context, identifiers, must_be_new=True),
    )
    return entry_answer(request, write_one(request, context, config_writer, change))


CREATE_CONFIG = Operation(
    name="create_config",
    summary="Create a config that is not there yet",
    action="configs:write",
    method="POST",
    path="/api/v1/configs/{path+}",
    request=CreateConfigRequest,
    response=ConfigEntry,
    run=create_config,
    recorded=Recorded.WITH_CHANGE,
    event_type="config.write",
    success=(201,),
)
