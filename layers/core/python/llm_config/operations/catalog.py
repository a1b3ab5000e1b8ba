"""Every operation of the product, in reading order. Routes, functions, OpenAPI, grants and the tests loop over this."""

from llm_config.operations.access.whoami import WHOAMI
from llm_config.operations.configs.get_config import GET_CONFIG
from llm_config.operations.configs.put_config import PUT_CONFIG
from llm_config.operations.configs.resolve_config import RESOLVE_CONFIG
from llm_config.operations.configs.validate_config import VALIDATE_CONFIG
from llm_config.operations.health.check_live import CHECK_LIVE
from llm_config.operations.health.check_ready import CHECK_READY
from llm_config.operations.health.get_openapi import GET_OPENAPI
from llm_config.operations.secrets.get_secret import GET_SECRET
from llm_config.operations.secrets.put_secret import PUT_SECRET
from llm_config.operations.tenants.create_tenant import CREATE_TENANT
from llm_config.operations.tenants.get_tenant import GET_TENANT

OPERATIONS = (
    PUT_CONFIG,
    GET_CONFIG,
    RESOLVE_CONFIG,
    VALIDATE_CONFIG,
    PUT_SECRET,
    GET_SECRET,
    CREATE_TENANT,
    GET_TENANT,
    WHOAMI,
    CHECK_LIVE,
    CHECK_READY,
    GET_OPENAPI,
)
