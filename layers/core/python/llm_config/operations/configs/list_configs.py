"""List configs without their values, names ascending."""

from llm_config.operations.configs.answers import metadata_of
from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.pages import Paging, fill
from llm_config.ports.config_reader import ConfigReader
from llm_config_contract.configs import ConfigPage, ListConfigsRequest
from llm_config_domain.configs.entries import ConfigMetadata
from llm_config_domain.errors import Malformed


def list_configs(request: ListConfigsRequest, context: Context, *, config_reader: ConfigReader) -> Answer:
    paging = Paging(request, context, str, str, str)
    tag = _tag(request.tag)

    def keep(entry: ConfigMetadata) -> bool:
        return not entry.head.deleted and _asked_for(entry, request, tag) and context.allows("list", entry.name)

    found, place = fill(
        paging.limit,
        paging.place,
        lambda after, limit: config_reader.listing(context.caller.tenant, request.namespace, after, limit),
        lambda entry: (entry.name.namespace, entry.name.key, entry.name.environment),
        keep,
    )
    page = ConfigPage(items=[metadata_of(entry) for entry in found], next_cursor=paging.cursor(place))
    return Answer(page, metadata={"items": len(found)})


def _tag(text: str | None) -> tuple[str, str] | None:
    name, colon, value = (text or "").partition(":")
    if text is not None and not colon:
        raise Malformed("a tag to look for is name:value")
    return (name, value) if text is not None else None


def _asked_for(entry: ConfigMetadata, request: ListConfigsRequest, tag: tuple[str, str] | None) -> bool:
    return (
        request.environment in (None, entry.name.environment)
        and (tag is None or entry.tags.get(tag[0]) == tag[1])
        and (request.q is None or request.q in entry.name.path)
    )


LIST_CONFIGS = Operation(
    name="list_configs",
    summary="List configs, without values",
    action="configs:list",
    method="GET",
    path="/api/v1/configs",
    request=ListConfigsRequest,
    response=ConfigPage,
    run=list_configs,
    recorded=Recorded.BEHIND,
    event_type="config.listed",
)
