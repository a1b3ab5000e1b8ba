"""Read a tenant by its id or its name. Another tenant's answers exactly as one that is not there."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.tenants.views import view
from llm_config.ports.tenant_reader import TenantReader
from llm_config_contract.tenants import GetTenantRequest, TenantView
from llm_config_domain.names import TenantId, is_tenant_id


def get_tenant(request: GetTenantRequest, context: Context, *, tenant_reader: TenantReader) -> Answer:
    if is_tenant_id(request.id):
        return Answer(view(tenant_reader.by_id(TenantId(request.id))))
    return Answer(view(tenant_reader.by_name(request.id)))


GET_TENANT = Operation(
    name="get_tenant",
    summary="Read a tenant by id or name",
    action="tenants:read",
    method="GET",
    path="/api/v1/tenants/{id}",
    request=GetTenantRequest,
    response=TenantView,
    run=get_tenant,
    recorded=Recorded.BEHIND,
    event_type="tenant.read",
)
