"""The audit's store is brought to its shape, has room for what comes, and lets go of what the archive has.

Run at each deployment and once a day. Entries are answered for a year; after three months they lie in the archive too.
"""

from datetime import timedelta

from llm_config.operations.operation import Answer, Context, Recorded, Task, Trigger
from llm_config.ports.audit_keeper import AuditKeeper
from llm_config.ports.clock import Clock
from llm_config_contract.audit import AuditUpkeep, MigrateAuditRequest

MONTHS_AHEAD = 4
"""This month and three more: a row that finds no month of its own falls among others, and costs a move later."""
HOT, WARM = timedelta(days=90), timedelta(days=365)
PIECES = 100
"""So many are archived in one run; the rest on the next day."""


def migrate_audit(request: MigrateAuditRequest, context: Context, *, audit_keeper: AuditKeeper, clock: Clock) -> Answer:
    today = clock.now().date()
    done = AuditUpkeep(
        migrations=list(audit_keeper.migrate()),
        months=list(audit_keeper.make_months(today, MONTHS_AHEAD)),
        archived=list(audit_keeper.archive(today - HOT, PIECES)),
        dropped=list(audit_keeper.drop(today - WARM)),
    )
    return Answer(done, metadata=done.model_dump() | {"archived": len(done.archived)})


MIGRATE_AUDIT = Task(
    name="migrate_audit",
    summary="Bring the audit's store to its shape, and archive what is old",
    action="audit:keep",
    request=MigrateAuditRequest,
    run=migrate_audit,
    recorded=Recorded.INTENT_AND_OUTCOME,
    event_type="audit.kept",
    trigger=Trigger.UPKEEP,
)
