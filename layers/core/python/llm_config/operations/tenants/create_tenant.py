"""Create a tenant: its encryption key first, then the tenant, so that no tenant is ever without a key."""

from dataclasses import replace

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.tenants.views import view
from llm_config.ports.identifiers import Identifiers
from llm_config.ports.tenant_keys import TenantKeys
from llm_config.ports.tenant_writer import TenantWriter
from llm_config_contract.tenants import CreateTenantRequest, TenantView
from llm_config_domain.names import TenantId
from llm_config_domain.policy import Resource
from llm_config_domain.tenants import Status, Tenant, Tier


def create_tenant(
    request: CreateTenantRequest,
    context: Context,
    *,
    tenant_keys: TenantKeys,
    tenant_writer: TenantWriter,
    identifiers: Identifiers,
) -> Answer:
    new = TenantId(identifiers.ulid())
    tenant = Tenant(
        id=new,
        name=request.name,
        tier=Tier(request.tier),
        status=Status.ACTIVE,
        key_id="",
        created_at=context.entry.at,
        created_by=context.caller.subject,
    )
    entry = replace(context.entry, tenant=new, resource=Resource("tenants", new))
    done = tenant_writer.create(
        tenant, lambda made: tenant_keys.create(made, tenant.tier), entry=entry, idempotency=context.idempotency
    )
    return Answer(
        view(done.version), created=True, location=f"/api/v1/tenants/{done.version.id}", replayed=done.replayed
    )


CREATE_TENANT = Operation(
    name="create_tenant",
    summary="Create a tenant",
    action="tenants:admin",
    method="POST",
    path="/api/v1/tenants",
    request=CreateTenantRequest,
    response=TenantView,
    run=create_tenant,
    foreseen=False,
    recorded=Recorded.WITH_CHANGE,
    event_type="tenant.write",
    success=(201,),
)
