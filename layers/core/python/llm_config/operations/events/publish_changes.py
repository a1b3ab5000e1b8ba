"""Tell what changed, and what was denied, to whoever listens: each row of the journal that is an event, as a CloudEvent."""

from llm_config.operations.operation import Answer, Task, Trigger
from llm_config.ports.event_bus import EventBus
from llm_config_contract.journal import JournalBatch, Undelivered
from llm_config_domain.events import cloud_event


def publish_changes(request: JournalBatch, *, event_bus: EventBus) -> Answer:
    made = [cloud_event(row.entry) for row in request.entries]
    return Answer(Undelivered(ids=tuple(event_bus.publish([event for event in made if event]))))


PUBLISH_CHANGES = Task(
    name="publish_changes",
    summary="Publish what changed as CloudEvents",
    action="events:publish",
    request=JournalBatch,
    run=publish_changes,
    recorded=None,
    trigger=Trigger.STREAM,
)
