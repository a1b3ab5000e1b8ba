"""POST /api/v1/cache-purges: make every cache of a tenant's configs begin anew."""

from llm_config.operations.caches.purge_caches import PURGE_CACHES
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(PURGE_CACHES)
