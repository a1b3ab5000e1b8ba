"""Bring an earlier version of a config back, as a new version."""

from llm_config.operations.configs.answers import entry_answer, signed, write_one
from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.ports.config_writer import ConfigWriter
from llm_config.ports.identifiers import Identifiers
from llm_config_contract.configs import ConfigEntry, RollbackConfigRequest
from llm_config_domain.configs.changes import Rollback
from llm_config_domain.errors import Malformed
from llm_config_domain.versions import Moment


def rollback_config(
    request: RollbackConfigRequest, context: Context, *, config_writer: ConfigWriter, identifiers: Identifiers
) -> Answer:
    change = Rollback(to=_target(request), **signed(request, context, identifiers))
    return entry_answer(request, write_one(request, context, config_writer, change))


def _target(request: RollbackConfigRequest) -> int | Moment:
    if request.version is not None and request.as_of is None:
        return request.version
    if request.as_of is not None and request.version is None:
        return Moment(request.as_of)
    raise Malformed("say where to roll back to: either `version` or `as_of`")


ROLLBACK_CONFIG = Operation(
    name="rollback_config",
    summary="Bring an earlier version back, as a new one",
    action="configs:write",
    method="POST",
    path="/api/v1/config-rollbacks/{path+}",
    request=RollbackConfigRequest,
    response=ConfigEntry,
    run=rollback_config,
    recorded=Recorded.WITH_CHANGE,
    event_type="config.write",
)
