"""Store a config: the next version of its name, whether the name is new or not."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.version_views import version_fields
from llm_config.ports.config_writer import ConfigWriter
from llm_config.ports.identifiers import Identifiers
from llm_config_contract.configs import ConfigEntry, PutConfigRequest
from llm_config_domain.configs import special_values
from llm_config_domain.configs.entries import ConfigDraft, value_text
from llm_config_domain.versions import ChangeType, Preconditions


def put_config(
    request: PutConfigRequest, context: Context, *, config_writer: ConfigWriter, identifiers: Identifiers
) -> Answer:
    name = context.name(request.path, request.environment)
    special_values.check(request.value)
    draft = ConfigDraft(
        value=value_text(request.value),
        author=context.caller.subject,
        new_id=identifiers.ulid(),
        reason=request.reason,
        classification=request.classification,
        tags=request.tags,
    )
    preconditions = Preconditions(request.if_match, request.if_none_match)
    done = config_writer.put(name, draft, preconditions, entry=context.entry, idempotency=context.idempotency)
    return Answer(
        ConfigEntry(value=done.version.json(), **version_fields(done.version)),
        created=done.version.change_type is ChangeType.CREATE,
        etag=done.version.etag,
        location=f"/api/v1/configs/{request.path}?environment={request.environment}",
        replayed=done.replayed,
    )


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
