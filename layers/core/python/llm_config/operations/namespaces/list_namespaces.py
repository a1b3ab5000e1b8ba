"""List the namespaces in which the caller may list something, names ascending."""

from llm_config.operations.namespaces.answers import namespace_view
from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.pages import Paging, fill
from llm_config.ports.namespace_reader import NamespaceReader
from llm_config_contract.namespaces import ListNamespacesRequest, NamespacePage
from llm_config_domain.namespaces import Namespace
from llm_config_domain.policy import Resource, decide


def list_namespaces(request: ListNamespacesRequest, context: Context, *, namespace_reader: NamespaceReader) -> Answer:
    paging, caller = Paging(request, context, str), context.caller

    def keep(namespace: Namespace) -> bool:
        return decide(caller, "list", Resource("namespaces", namespace.name)).allowed

    found, place = fill(
        paging.limit,
        paging.place or ("",),
        lambda after, limit: namespace_reader.listing(caller.tenant, after[0], limit),
        lambda namespace: (namespace.name,),
        keep,
    )
    page = NamespacePage(items=[namespace_view(one) for one in found], next_cursor=paging.cursor(place))
    return Answer(page, metadata={"items": len(found)})


LIST_NAMESPACES = Operation(
    name="list_namespaces",
    summary="List namespaces",
    action="namespaces:list",
    method="GET",
    path="/api/v1/namespaces",
    request=ListNamespacesRequest,
    response=NamespacePage,
    run=list_namespaces,
    recorded=Recorded.BEHIND,
    event_type="namespace.listed",
)
