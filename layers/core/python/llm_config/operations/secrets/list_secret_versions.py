"""The versions of one secret, newest first: what is known about them, never what they say."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.pages import Paging
from llm_config.operations.secrets.answers import metadata_of
from llm_config.ports.secret_reader import SecretReader
from llm_config_contract.secrets import ListSecretVersionsRequest, SecretPage


def list_secret_versions(
    request: ListSecretVersionsRequest, context: Context, *, secret_reader: SecretReader
) -> Answer:
    paging = Paging(request, context, int)
    name = context.name(request.path, request.environment)
    found = secret_reader.history(name, paging.place[0] if paging.place else None, paging.limit)
    last = found[-1].version if found else 1
    items = [metadata_of(version) for version in found]
    page = SecretPage(items=items, next_cursor=paging.cursor((last,) if last > 1 else None))
    return Answer(page, metadata={"items": len(found)})


LIST_SECRET_VERSIONS = Operation(
    name="list_secret_versions",
    summary="The versions of a secret",
    action="secrets:list",
    method="GET",
    path="/api/v1/secret-versions/{path+}",
    request=ListSecretVersionsRequest,
    response=SecretPage,
    run=list_secret_versions,
    recorded=Recorded.BEHIND,
    event_type="secret.listed",
)
