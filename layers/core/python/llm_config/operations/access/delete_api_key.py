"""Revoke an API key: the next request that comes with it is refused. What is known of it is kept for the record."""

from dataclasses import replace

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.ports.api_key_writer import ApiKeyWriter
from llm_config_contract.access import DeleteApiKeyRequest
from llm_config_contract.wire import NoContent
from llm_config_domain.policy import Resource


def delete_api_key(request: DeleteApiKeyRequest, context: Context, *, api_key_writer: ApiKeyWriter) -> Answer:
    entry = replace(context.entry, resource=Resource("api_keys", request.id))
    done = api_key_writer.revoke(context.caller.tenant, request.id, entry=entry, idempotency=context.idempotency)
    return Answer(None, replayed=done.replayed)


DELETE_API_KEY = Operation(
    name="delete_api_key",
    summary="Revoke an API key",
    action="access:delete",
    method="DELETE",
    path="/api/v1/api-keys/{id}",
    request=DeleteApiKeyRequest,
    response=NoContent,
    run=delete_api_key,
    foreseen=False,
    recorded=Recorded.WITH_CHANGE,
    event_type="api_key.write",
    success=(204,),
)
