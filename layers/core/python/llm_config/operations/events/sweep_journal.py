"""Publish the changes that the journal's stream did not bring to the bus: all that stands behind the mark of each line."""

from llm_config.operations.events.publish_changes import PUBLISH_CHANGES, publish_changes
from llm_config.operations.operation import Answer, Task, Trigger
from llm_config.operations.sweeping import Walk
from llm_config.ports.clock import Clock
from llm_config.ports.event_bus import EventBus
from llm_config.ports.journal_lines import JournalLines
from llm_config.ports.journal_marks import JournalMarks
from llm_config_contract.journal import JournalBatch, Sweep


def sweep_journal(
    request: Sweep, *, clock: Clock, event_bus: EventBus, journal_lines: JournalLines, journal_marks: JournalMarks
) -> Answer:
    def deliver(batch: JournalBatch) -> Answer:
        return publish_changes(batch, event_bus=event_bus)

    return Answer(Walk(PUBLISH_CHANGES.name, deliver, clock, journal_lines, journal_marks).run())


SWEEP_JOURNAL = Task(
    name="sweep_journal",
    summary="Publish the changes that the stream did not bring",
    action="events:sweep",
    request=Sweep,
    run=sweep_journal,
    recorded=None,
    trigger=Trigger.SCHEDULE,
)
