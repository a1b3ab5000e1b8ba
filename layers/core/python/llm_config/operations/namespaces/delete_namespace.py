"""Say nothing about a namespace any more. It must hold nothing; what was deleted in it keeps its history."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.ports.namespace_writer import NamespaceWriter
from llm_config_contract.namespaces import DeleteNamespaceRequest
from llm_config_contract.wire import NoContent
from llm_config_domain.namespaces import NamespaceDraft
from llm_config_domain.versions import Preconditions


def delete_namespace(request: DeleteNamespaceRequest, context: Context, *, namespace_writer: NamespaceWriter) -> Answer:
    done = namespace_writer.delete(
        context.caller.tenant,
        request.namespace,
        NamespaceDraft(author=context.caller.subject, reason=request.reason),
        Preconditions(request.if_match, request.if_none_match),
        entry=context.entry,
        idempotency=context.idempotency,
    )
    return Answer(None, replayed=done.replayed)


DELETE_NAMESPACE = Operation(
    name="delete_namespace",
    summary="Say nothing about an empty namespace any more",
    action="namespaces:delete",
    method="DELETE",
    path="/api/v1/namespaces/{namespace+}",
    request=DeleteNamespaceRequest,
    response=NoContent,
    run=delete_namespace,
    recorded=Recorded.WITH_CHANGE,
    event_type="namespace.write",
    success=(204,),
)
