"""What the functions' logs carry becomes leaves of the tenants' trees: each access once, and its number is heard."""

from llm_config.operations.operation import Answer, Task, Trigger
from llm_config.ports.audit_appender import AuditAppender
from llm_config.ports.clock import Clock
from llm_config.ports.read_numbers import ReadNumbers
from llm_config_contract.log_lines import AccessBatch
from llm_config_domain import times

AT_ONCE = 500
"""Leaves of one transaction: nobody else appends to the tenant's tree meanwhile."""


def append_reads(
    request: AccessBatch, *, audit_appender: AuditAppender, clock: Clock, read_numbers: ReadNumbers
) -> Answer:
    lines = request.lines
    for first in range(0, len(lines), AT_ONCE):
        audit_appender.append([line.entry for line in lines[first : first + AT_ONCE]])
    came: dict[str, dict[int, str]] = {}
    for line in lines:
        came.setdefault(line.container, {})[line.sequence] = line.access.at
    for container, numbers in came.items():  # behind the leaves: what is heard of stands in a tree
        read_numbers.hear(container, numbers, times.rfc3339(clock.now()))
    return Answer(None)


APPEND_READS = Task(
    name="append_reads",
    summary="Append what was read to the tenants' trees",
    action="audit:append",
    request=AccessBatch,
    run=append_reads,
    recorded=None,
    trigger=Trigger.LOGS,
)
