"""Which rows of the catalog a stage deploys. Nothing here knows CDK."""

from llm_config.operations.catalog import OPERATIONS, TASKS
from llm_config.operations.operation import Row, Task, Trigger
from llm_config_cdk.reach import asks_the_audit, prints_accesses
from llm_config_cdk.stages import Stage

ROWS: tuple[Row, ...] = (*OPERATIONS, *TASKS)


def rows_of(stage: Stage) -> tuple[Row, ...]:
    """What a stage can deploy: what asks for the audit's database stays away where there is none."""
    audited = stage.audit_database is not None
    return tuple(row for row in ROWS if audited or not asks_the_audit(row))


def printers_of(stage: Stage) -> tuple[Row, ...]:
    """Whose logs carry accesses that somebody takes to the audit: none, where nobody does."""
    rows = rows_of(stage)
    taken = any(isinstance(row, Task) and row.trigger is Trigger.LOGS for row in rows)
    return tuple(row for row in rows if taken and prints_accesses(row))
