"""List secrets: what is known about them, never what they say."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.pages import Paging, fill
from llm_config.operations.secrets.answers import metadata_of
from llm_config.ports.secret_reader import SecretReader
from llm_config_contract.secrets import ListSecretsRequest, SecretPage
from llm_config_domain.secrets.entries import SecretMetadata


def list_secrets(request: ListSecretsRequest, context: Context, *, secret_reader: SecretReader) -> Answer:
    paging = Paging(request, context, str, str, str)

    def keep(listed: tuple[SecretMetadata, bool]) -> bool:
        entry, deleted = listed
        asked_for = request.environment in (None, entry.name.environment)
        return not deleted and asked_for and context.allows("list", entry.name, "secrets")

    found, place = fill(
        paging.limit,
        paging.place,
        lambda after, limit: secret_reader.listing(context.caller.tenant, request.namespace, after, limit),
        lambda listed: (listed[0].name.namespace, listed[0].name.key, listed[0].name.environment),
        keep,
    )
    page = SecretPage(items=[metadata_of(entry) for entry, _ in found], next_cursor=paging.cursor(place))
    return Answer(page, metadata={"items": len(found)})


LIST_SECRETS = Operation(
    name="list_secrets",
    summary="List secrets, without values",
    action="secrets:list",
    method="GET",
    path="/api/v1/secrets",
    request=ListSecretsRequest,
    response=SecretPage,
    run=list_secrets,
    recorded=Recorded.BEHIND,
    event_type="secret.listed",
)
