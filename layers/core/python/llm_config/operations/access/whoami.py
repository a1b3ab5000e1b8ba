"""Say who the caller is, as its credential says it."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.own_tenant import own_tenant
from llm_config.ports.tenant_reader import TenantReader
from llm_config_contract.access import Whoami, WhoamiRequest
from llm_config_domain.callers import allowed_namespaces


def whoami(request: WhoamiRequest, context: Context, *, tenant_reader: TenantReader) -> Answer:
    caller = context.caller
    body = Whoami(
        tenant=own_tenant(caller, tenant_reader).name,
        tenant_id=caller.tenant,
        subject=caller.subject,
        actor_type=caller.actor_type,
        roles=sorted(caller.roles),
        credential=caller.credential,
        namespaces=list(allowed_namespaces(caller.attributes)) if "namespaces" in caller.attributes else None,
    )
    return Answer(body)


WHOAMI = Operation(
    name="whoami",
    summary="Who the caller is",
    action="access:read",
    method="GET",
    path="/api/v1/whoami",
    request=WhoamiRequest,
    response=Whoami,
    run=whoami,
    recorded=Recorded.BEHIND,
    event_type="access.whoami",
)
