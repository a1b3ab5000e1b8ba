"""POST /api/v1/schedule-previews: when a schedule would come."""

from llm_config.operations.rotations.preview_schedule import PREVIEW_SCHEDULE
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(PREVIEW_SCHEDULE)
