"""The functions' logs: append what was read to the tenants' trees."""

from llm_config.operations.audit.append_reads import APPEND_READS
from llm_config.runtime.logs import logs

lambda_handler = logs(APPEND_READS)
