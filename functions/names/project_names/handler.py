"""Behind the queue of changes: bring what has just changed into the index of names."""

from llm_config.operations.names.project_names import PROJECT_NAMES
from llm_config.runtime.consumer import changes

lambda_handler = changes(PROJECT_NAMES)
