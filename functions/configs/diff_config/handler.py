"""GET /api/v1/config-diffs/{path}: what changed between two versions of a config."""

from llm_config.operations.configs.diff_config import DIFF_CONFIG
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(DIFF_CONFIG)
