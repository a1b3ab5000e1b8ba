"""Which rows of the catalog a stage deploys. Nothing here knows CDK."""

from llm_config.operations.catalog import OPERATIONS, TASKS
from llm_config.operations.operation import Row
from llm_config_cdk.grants import asks_the_audit
from llm_config_cdk.stages import Stage

ROWS: tuple[Row, ...] = (*OPERATIONS, *TASKS)


def rows_of(stage: Stage) -> tuple[Row, ...]:
    """What a stage can deploy: what asks for the audit's database stays away where there is none."""
    audited = stage.audit_database is not None
    return tuple(row for row in ROWS if audited or not asks_the_audit(row))
