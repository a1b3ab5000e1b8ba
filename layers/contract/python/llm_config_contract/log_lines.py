"""Lines of the functions' logs as those who follow them are given them: what CloudWatch Logs wraps them in, and the accesses
that they carry, read strictly."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from llm_config_contract.journal import JournalRow, RowActor, RowResource
from llm_config_contract.wire import Time, Wire
from llm_config_domain import names
from llm_config_domain.audit.numbers import LARGEST
from llm_config_domain.journal import JournalEntry

Id = Annotated[str, AfterValidator(names.check_id)]
Text = Annotated[str, Field(pattern=r"^[^\x00]*$")]
"""As a database can hold it."""
MAX_LINES = 50_000
MAX_CHARACTERS = 1024 * 1024


class LineActor(RowActor):
    id: Text


class LineResource(RowResource):
    id: Text


class LineEntry(JournalRow):
    """A row of the journal that was never one: a line may be anything, so more is asked of it."""

    id: Id
    at: Time
    tenant: Id
    event_type: Text
    actor: LineActor
    resource: LineResource


class AccessLine(Wire):
    """An access, and where it stands among those of its container."""

    access: LineEntry
    container: Id
    sequence: Annotated[int, Field(ge=1, le=LARGEST)]

    @property
    def entry(self) -> JournalEntry:
        return self.access.entry


class AccessBatch(Wire):
    """Accesses of some containers, in any order. Each may come again."""

    lines: tuple[AccessLine, ...]


class LogEvent(Wire):
    message: str


class LogBatch(Wire):
    """What a subscription of CloudWatch Logs sends, once it is unpacked (User Guide, "Real-time processing of log data with
    subscriptions"). A control message only asks whether anybody listens."""

    kind: Literal["DATA_MESSAGE", "CONTROL_MESSAGE"] = Field(alias="messageType")
    events: tuple[LogEvent, ...] = Field(alias="logEvents", max_length=MAX_LINES)

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(event.message for event in self.events) if self.kind == "DATA_MESSAGE" else ()


class LogsSent(Wire):
    """`data`: gzip in base64, of at most a MiB, as the function is called with it."""

    data: Annotated[str, Field(max_length=MAX_CHARACTERS)]


class LogsEvent(Wire):
    sent: LogsSent = Field(alias="awslogs")


class LogsAside(Wire):
    """What Lambda tells of a call that it gave up (Developer Guide, "Capturing records of Lambda asynchronous
    invocations")."""

    event: LogsEvent = Field(alias="requestPayload")
