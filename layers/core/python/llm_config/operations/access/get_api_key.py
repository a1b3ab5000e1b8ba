"""Read what is known of an API key, but for its secret. Another tenant's, and a revoked one, are as absent."""

from llm_config.operations.access.answers import key_view
from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.ports.api_key_reader import ApiKeyReader
from llm_config_contract.access import ApiKeyView, GetApiKeyRequest


def get_api_key(request: GetApiKeyRequest, context: Context, *, api_key_reader: ApiKeyReader) -> Answer:
    return Answer(key_view(api_key_reader.entry(context.caller.tenant, request.id)))


GET_API_KEY = Operation(
    name="get_api_key",
    summary="Read an API key, without its secret",
    action="access:read",
    method="GET",
    path="/api/v1/api-keys/{id}",
    request=GetApiKeyRequest,
    response=ApiKeyView,
    run=get_api_key,
    recorded=Recorded.BEHIND,
    event_type="api_key.read",
)
