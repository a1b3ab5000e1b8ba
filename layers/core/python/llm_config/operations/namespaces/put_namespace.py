"""Say what a namespace is for, whose it is and whom to ask."""

from dataclasses import replace

from llm_config.operations.namespaces.answers import namespace_answer
from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.ports.namespace_writer import NamespaceWriter
from llm_config_contract.namespaces import NamespaceView, PutNamespaceRequest
from llm_config_domain.namespaces import NamespaceDraft
from llm_config_domain.versions import ChangeType, Preconditions


def put_namespace(request: PutNamespaceRequest, context: Context, *, namespace_writer: NamespaceWriter) -> Answer:
    draft = NamespaceDraft(
        author=context.caller.subject,
        description=request.description,
        owner_team=request.owner_team,
        contacts=tuple(request.contacts),
        tags=request.tags,
        reason=request.reason,
        staleness_bound_seconds=request.staleness_bound_seconds,
    )
    done = namespace_writer.put(
        context.caller.tenant,
        request.namespace,
        draft,
        Preconditions(request.if_match, request.if_none_match),
        entry=context.entry,
        idempotency=context.idempotency,
    )
    return replace(
        namespace_answer(done.version),
        created=done.version.metadata is not None and done.version.metadata.change_type is ChangeType.CREATE,
        location=f"/api/v1/namespaces/{request.namespace}",
        replayed=done.replayed,
    )


PUT_NAMESPACE = Operation(
    name="put_namespace",
    summary="Say what a namespace is for",
    action="namespaces:write",
    method="PUT",
    path="/api/v1/namespaces/{namespace+}",
    request=PutNamespaceRequest,
    response=NamespaceView,
    run=put_namespace,
    recorded=Recorded.WITH_CHANGE,
    event_type="namespace.write",
    success=(200, 201),
)
