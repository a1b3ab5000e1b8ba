"""At a deployment and once a day: keep the audit's store in shape, and archive what is old."""

from llm_config.operations.audit.migrate_audit import MIGRATE_AUDIT
from llm_config.runtime.upkeep import upkeep

lambda_handler = upkeep(MIGRATE_AUDIT)
