"""Bring what has just changed into the index of names: `sweep_names` without the wait for it."""

from llm_config.operations.names.projection import projection
from llm_config.operations.operation import Answer, Task, Trigger
from llm_config.ports.clock import Clock
from llm_config.ports.journal_lines import JournalLines
from llm_config.ports.journal_marks import JournalMarks
from llm_config.ports.name_projector import NameProjector
from llm_config_contract.subscriptions import Unserved, Woken


def project_names(
    request: Woken,
    *,
    clock: Clock,
    journal_lines: JournalLines,
    journal_marks: JournalMarks,
    name_projector: NameProjector,
) -> Answer:
    walk = projection(clock, journal_lines, journal_marks, name_projector)
    return Answer(Unserved(tenants=tuple(walk.run_for(request.tenants))))


PROJECT_NAMES = Task(
    name="project_names",
    summary="Bring what has just changed into the index of names",
    action="names:project",
    request=Woken,
    run=project_names,
    recorded=None,
    trigger=Trigger.CHANGES,
)
