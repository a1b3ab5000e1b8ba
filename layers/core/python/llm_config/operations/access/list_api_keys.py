"""List the tenant's API keys, without their secrets, oldest first. Revoked ones do not show."""

from llm_config.operations.access.answers import key_view
from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.pages import Paging, fill
from llm_config.ports.api_key_reader import ApiKeyReader
from llm_config_contract.access import ApiKeyPage, ListApiKeysRequest


def list_api_keys(request: ListApiKeysRequest, context: Context, *, api_key_reader: ApiKeyReader) -> Answer:
    paging = Paging(request, context, str)
    found, place = fill(
        paging.limit,
        paging.place or ("",),
        lambda after, limit: api_key_reader.listing(context.caller.tenant, after[0], limit),
        lambda key: (key.id,),
        lambda key: key.revoked_at is None,
    )
    page = ApiKeyPage(items=[key_view(key) for key in found], next_cursor=paging.cursor(place))
    return Answer(page, metadata={"items": len(found)})


LIST_API_KEYS = Operation(
    name="list_api_keys",
    summary="List API keys, without their secrets",
    action="access:list",
    method="GET",
    path="/api/v1/api-keys",
    request=ListApiKeysRequest,
    response=ApiKeyPage,
    run=list_api_keys,
    recorded=Recorded.BEHIND,
    event_type="api_key.listed",
)
