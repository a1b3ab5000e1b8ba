"""POST /api/v1/config-batches: change several configs together."""

from llm_config.operations.configs.batch_configs import BATCH_CONFIGS
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(BATCH_CONFIGS)
