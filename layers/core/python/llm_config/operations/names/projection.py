"""The walk that keeps the index of names behind the journal: each change says what to look at, and what stands there now is
projected. So a change that comes twice, late or before an earlier one does nothing that is not true."""

from llm_config.operations.operation import Answer
from llm_config.operations.sweeping import Walk
from llm_config.ports.clock import Clock
from llm_config.ports.journal_lines import JournalLines
from llm_config.ports.journal_marks import JournalMarks
from llm_config.ports.name_projector import NameProjector
from llm_config_contract.journal import JournalBatch, Undelivered
from llm_config_domain.name_index import changed_in

CONSUMER = "project_names"


def projection(clock: Clock, lines: JournalLines, marks: JournalMarks, projector: NameProjector) -> Walk:
    def deliver(batch: JournalBatch) -> Answer:
        for tenant, changed in changed_in(row.entry for row in batch.entries).items():
            projector.project(tenant, changed)
        return Answer(Undelivered())

    return Walk(CONSUMER, deliver, clock, lines, marks, projector.reached)
