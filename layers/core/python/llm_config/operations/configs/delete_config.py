"""Delete a config: a next version that holds nothing. Its earlier versions stay, and `restore_config` brings it back."""

from llm_config.operations.configs.answers import signed, write_one
from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.ports.config_writer import ConfigWriter
from llm_config.ports.identifiers import Identifiers
from llm_config_contract.configs import DeleteConfigRequest
from llm_config_contract.wire import NoContent
from llm_config_domain.configs.changes import Deletion


def delete_config(
    request: DeleteConfigRequest, context: Context, *, config_writer: ConfigWriter, identifiers: Identifiers
) -> Answer:
    done = write_one(request, context, config_writer, Deletion(**signed(request, context, identifiers)))
    return Answer(None, etag=done.version.etag, replayed=done.replayed)


DELETE_CONFIG = Operation(
    name="delete_config",
    summary="Delete a config; it can be restored",
    action="configs:delete",
    method="DELETE",
    path="/api/v1/configs/{path+}",
    request=DeleteConfigRequest,
    response=NoContent,
    run=delete_config,
    recorded=Recorded.WITH_CHANGE,
    event_type="config.write",
    success=(204,),
)
