"""Bring into the index of names whatever stands behind its marks: what no event brought, and at first all there is."""

from llm_config.operations.names.projection import projection
from llm_config.operations.operation import Answer, Task, Trigger
from llm_config.ports.clock import Clock
from llm_config.ports.journal_lines import JournalLines
from llm_config.ports.journal_marks import JournalMarks
from llm_config.ports.name_projector import NameProjector
from llm_config_contract.journal import Sweep


def sweep_names(
    request: Sweep,
    *,
    clock: Clock,
    journal_lines: JournalLines,
    journal_marks: JournalMarks,
    name_projector: NameProjector,
) -> Answer:
    return Answer(projection(clock, journal_lines, journal_marks, name_projector).run())


SWEEP_NAMES = Task(
    name="sweep_names",
    summary="Bring what no event brought into the index of names",
    action="names:sweep",
    request=Sweep,
    run=sweep_names,
    recorded=None,
    trigger=Trigger.SCHEDULE,
)
