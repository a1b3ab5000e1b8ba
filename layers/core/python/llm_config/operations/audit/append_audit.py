"""What the journal holds becomes leaves of its tenants' trees: each entry once, however often it is delivered."""

from llm_config.operations.operation import Answer, Task, Trigger
from llm_config.ports.audit_appender import AuditAppender
from llm_config_contract.journal import JournalBatch, Undelivered


def append_audit(request: JournalBatch, *, audit_appender: AuditAppender) -> Answer:
    audit_appender.append([row.entry for row in request.entries])
    return Answer(Undelivered())


APPEND_AUDIT = Task(
    name="append_audit",
    summary="Append what was recorded to the tenants' trees",
    action="audit:append",
    request=JournalBatch,
    run=append_audit,
    recorded=None,
    trigger=Trigger.STREAM,
)
