"""Read what is said about a namespace, and whether anything was ever written in it."""

from llm_config.operations.namespaces.answers import namespace_answer
from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.ports.namespace_reader import NamespaceReader
from llm_config_contract.namespaces import GetNamespaceRequest, NamespaceView


def get_namespace(request: GetNamespaceRequest, context: Context, *, namespace_reader: NamespaceReader) -> Answer:
    return namespace_answer(namespace_reader.entry(context.caller.tenant, request.namespace))


GET_NAMESPACE = Operation(
    name="get_namespace",
    summary="Read what is said about a namespace",
    action="namespaces:read",
    method="GET",
    path="/api/v1/namespaces/{namespace+}",
    request=GetNamespaceRequest,
    response=NamespaceView,
    run=get_namespace,
    recorded=Recorded.BEHIND,
    event_type="namespace.read",
)
