"""What an operation is: one row of the product's table, and the shapes that go in and out of its function."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel

from llm_config_contract.wire import Wire
from llm_config_domain import environments
from llm_config_domain.callers import Caller
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import Name, split_path
from llm_config_domain.policy import Resource, decide


class Recorded(StrEnum):
    """When the record of an operation is durable. No record: no change, no secret."""

    WITH_CHANGE = "with_change"
    """The entry rides in the writer's own transaction."""
    BEFORE_RELEASE = "before_release"
    """The answer waits until the entry is durable."""
    INTENT_AND_OUTCOME = "intent_and_outcome"
    """One entry before, one after: for effects outside, which no transaction of ours can hold."""
    BEHIND = "behind"
    """The entry follows the answer; a lost one leaves a gap that shows."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a run knows beside its request: who asks, the entry that will be recorded, when it began (monotonic
    seconds), and the promise not to repeat."""

    caller: Caller
    entry: JournalEntry
    started: float
    idempotency: Idempotency | None = None

    def allows(self, verb: str, name: Name, kind: str = "configs") -> bool:
        """May the caller do this to one thing of a listing?"""
        return decide(self.caller, verb, Resource(kind, name.path, name.environment)).allowed

    def name(self, path: str, environment: str) -> Name:
        """The whole name of what the request is about: its tenant is the caller's, whatever the request says."""
        environments.check_owner(self.caller.tenant, environment)
        namespace, key = split_path(path)
        return Name(self.caller.tenant, namespace, key, environment)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A secret that an answer carries: recorded, each by its own entry, before the answer leaves."""

    name: Name
    version: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a run returns: the body, and what HTTP says beside it. `accepted` says that the work goes on after the answer
    (202). `metadata` goes into the record; `unchanged` says that
    an operation which records with its change has made none, so that it is recorded as an access. `cache_level` says
    where a value came from that a cache may hold: `l1`, this process's memory, `l2`, the shared one, or `store`; `looks`,
    which caches were looked into for it, and what each came to. `believed`: for how many seconds the caller may keep the
    answer, and how old it is already, where it may. `receipt` is the signed promise that this is going to stand in the
    audit, where one was asked for."""

    body: BaseModel | None
    created: bool = False
    accepted: bool = False
    etag: str | None = None
    location: str | None = None
    replayed: bool = False
    unchanged: bool = False
    disclosed: tuple[Disclosure, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    receipt: str | None = None
    cache_level: Literal["l1", "l2", "store", "none"] = "none"
    looks: tuple[tuple[str, str], ...] = ()
    believed: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What every row of the catalog says, whoever asks for its work. `action` is `<resource type>:<verb>`; a row that
    is not `recorded` touches no tenant's data for anybody, or tells on what is recorded already."""

    name: str
    summary: str
    action: str
    request: type[Wire]
    run: Callable[..., Answer]
    recorded: Recorded | None
    event_type: str = ""
    holds_secret: bool = False

    @property
    def ports(self) -> tuple[str, ...]:
        """What `run` needs from outside: its keyword-only parameters, by name."""
        return _ports_of(self.run)

    @property
    def area(self) -> str:
        """The room of its function: `configs`, `secrets`, ..."""
        return self.run.__module__.split(".")[-2]

    @property
    def resource_type(self) -> str:
        return self.action.partition(":")[0]

    @property
    def verb(self) -> str:
        return self.action.partition(":")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Row):
    """What callers ask for over HTTP.

    `success` and `refusals` are HTTP statuses; those that every route of its method can answer are not named again.
    A `public` row needs no credential, touches no tenant's data and is not recorded. `streams`: a home that keeps
    connections open gives the answers also one after the other, as server-sent events and over WebSockets; asked for one at
    a time they are compressed and carry a digest. `foreseen`:
    what is recorded of a success is the entry that the door made, of the same id and about the same thing: only such a
    one can be promised.
    """

    method: str
    path: str
    response: type[BaseModel]
    success: tuple[int, ...] = (200,)
    refusals: tuple[int, ...] = ()
    public: bool = False
    streams: bool = False
    foreseen: bool = True

    @property
    def promises(self) -> bool:
        """Can it give a receipt?"""
        return self.recorded is not None and not self.public and self.foreseen


class Trigger(StrEnum):
    """What starts a task's function."""

    STEP = "step"
    """A state machine; its input is the request, and what the run answers is the step's result."""
    STREAM = "stream"
    """A batch of new rows of the journal."""
    QUEUE = "queue"
    """A batch of messages, each of them one request."""
    LOGS = "logs"
    """A batch of lines of the functions' logs: one request for the accesses that they carry."""
    CHANGES = "changes"
    """A batch of events that were published: one request for all of them, which names whose they are."""
    TICK = "tick"
    """A minute that has come: each thing that is due is one request."""
    SCHEDULE = "schedule"
    """Some minutes that have passed (`every_minutes`): one request, which names nothing."""
    SOCKET = "socket"
    """What happens on a connection of the gateway's (`route`): it is opened, something is said on it, it is closed."""
    UPKEEP = "upkeep"
    """A deployment, and each day after it: whatever there is to do by then is one request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Row):
    """What the product asks of itself: a step of a rotation, the events of a batch of changes, a minute that has come.

    No route leads here and no credential is asked for, so only what the product wrote itself may be a request: the input
    of an execution that an operation started, a row of the journal, a tick. Each may come twice, and late.
    """

    trigger: Trigger
    every_minutes: int = 5
    """Of one that set times start."""
    agenda: str = ""
    """Of one that a minute starts: the port that says what is due."""
    route: str = ""
    """Of one that a connection starts: the gateway's key of it. Who opens one is asked for a credential, and the request is
    performed as that caller; it is all that is taken from the caller."""


@cache
def _ports_of(run: Callable[..., Answer]) -> tuple[str, ...]:
    """Asked at every request, and the same at each."""
    parameters = inspect.signature(run).parameters.values()
    return tuple(parameter.name for parameter in parameters if parameter.kind is parameter.KEYWORD_ONLY)
