"""Bring a deleted config back, as a new version."""

from llm_config.operations.configs.answers import entry_answer, signed, write_one
from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.ports.config_writer import ConfigWriter
from llm_config.ports.identifiers import Identifiers
from llm_config_contract.configs import ConfigEntry, RestoreConfigRequest
from llm_config_domain.configs.changes import Restoration


def restore_config(
    request: RestoreConfigRequest, context: Context, *, config_writer: ConfigWriter, identifiers: Identifiers
) -> Answer:
    change = Restoration(**signed(request, context, identifiers))
    return entry_answer(request, write_one(request, context, config_writer, change))


RESTORE_CONFIG = Operation(
    name="restore_config",
    summary="Bring a deleted config back",
    action="configs:write",
    method="POST",
    path="/api/v1/config-restores/{path+}",
    request=RestoreConfigRequest,
    response=ConfigEntry,
    run=restore_config,
    recorded=Recorded.WITH_CHANGE,
    event_type="config.write",
)
