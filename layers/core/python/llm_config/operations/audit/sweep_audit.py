"""What was not brought to the audit: changes that the journal's stream did not bring, all that stands behind the mark of each
line, are appended; of reads that never came it is told that they did not."""

from llm_config.operations.audit.append_audit import APPEND_AUDIT, append_audit
from llm_config.operations.audit.read_gaps import tell_read_gaps
from llm_config.operations.operation import Answer, Task, Trigger
from llm_config.operations.sweeping import Walk
from llm_config.ports.audit_appender import AuditAppender
from llm_config.ports.clock import Clock
from llm_config.ports.journal_lines import JournalLines
from llm_config.ports.journal_marks import JournalMarks
from llm_config.ports.read_numbers import ReadNumbers
from llm_config_contract.journal import JournalBatch, Sweep


def sweep_audit(
    request: Sweep,
    *,
    audit_appender: AuditAppender,
    clock: Clock,
    journal_lines: JournalLines,
    journal_marks: JournalMarks,
    read_numbers: ReadNumbers,
) -> Answer:
    # first: no row that nobody can read keeps it from being told
    lost = tell_read_gaps(audit_appender, clock, read_numbers)

    def deliver(batch: JournalBatch) -> Answer:
        return append_audit(batch, audit_appender=audit_appender)

    swept = Walk(APPEND_AUDIT.name, deliver, clock, journal_lines, journal_marks).run()
    return Answer(swept, metadata={"lost_accesses": lost} if lost else {})


SWEEP_AUDIT = Task(
    name="sweep_audit",
    summary="Append the changes that the stream did not bring, and tell of reads that never came",
    action="audit:sweep",
    request=Sweep,
    run=sweep_audit,
    recorded=None,
    trigger=Trigger.SCHEDULE,
)
