"""Accesses that never came, told in the platform's tree."""

from datetime import timedelta

from llm_config.ports.audit_appender import AuditAppender
from llm_config.ports.clock import Clock
from llm_config.ports.read_numbers import ReadNumbers
from llm_config_domain import times
from llm_config_domain.audit.numbers import gap_entry

PATIENCE = timedelta(minutes=15)
"""After a later number came: what failed once is tried again every three minutes."""
SILENCE = timedelta(days=15)
"""Of a container before it is forgotten: lines that were put aside are kept for fourteen, and belong to it."""
AT_ONCE = 500


def tell_read_gaps(audit_appender: AuditAppender, clock: Clock, read_numbers: ReadNumbers) -> int:
    """How many accesses are told as lost now. Each gap is told once, whenever this stops and is begun again; what is more than
    `AT_ONCE` waits for the next time."""
    now = clock.now()
    gaps = read_numbers.overdue(times.rfc3339(now - PATIENCE), AT_ONCE)
    if gaps:
        audit_appender.append([gap_entry(gap, times.rfc3339(now)) for gap in gaps])
        read_numbers.told(gaps)
    read_numbers.forget(times.rfc3339(now - SILENCE))
    return sum(gap.lost for gap in gaps)
