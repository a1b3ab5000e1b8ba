"""POST /api/v1/tenants: create a tenant."""

from llm_config.operations.tenants.create_tenant import CREATE_TENANT
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(CREATE_TENANT)
