"""The one door: four ways to record, and what happens when the record cannot be made."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from llm_config.operations.operation import Answer, Context, Disclosure, Operation, Recorded, Row, Task, Trigger
from llm_config.operations.perform import perform
from llm_config_contract.access import WhoamiRequest
from llm_config_contract.health import Health
from llm_config_contract.wire import Touch, Wire
from llm_config_domain.callers import Caller, the_product
from llm_config_domain.errors import Conflict, PermissionDenied, Refusal, Unavailable
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import PLATFORM, Name, TenantId
from tests.support.golden import CountingIdentifiers, StandingClock

TENANT = TenantId("01M7XB2CPDX901Z538HPJ3CH8B")
CALLER = Caller(TENANT, "user:a", frozenset({"tenant-admin"}))


class Recorder:
    """Journal and access log in one list, in the order in which they were told."""

    def __init__(self, *, down: bool = False) -> None:
        self.told: list[tuple[str, JournalEntry]] = []
        self.down = down

    def append(self, entries: Sequence[JournalEntry]) -> None:
        if self.down:
            raise Unavailable("the journal is down")
        self.told += [("journal", entry) for entry in entries]

    def note(self, entry: JournalEntry) -> None:
        self.told.append(("behind", entry))


class Effect:
    """The port of the operations here: it counts, and says when it was called."""

    def __init__(self, recorder: Recorder, refusal: Refusal | None = None) -> None:
        self.recorder, self.refusal, self.calls = recorder, refusal, 0
        self.on_record_before = -1

    def do(self) -> None:
        self.calls += 1
        self.on_record_before = len(self.recorder.told)
        if self.refusal:
            raise self.refusal


def act(request: WhoamiRequest, context: Context, *, effect: Effect) -> Answer:
    effect.do()
    return Answer(Health(status="done"), metadata={"version": 3})


def disclose(request: WhoamiRequest, context: Context, *, effect: Effect) -> Answer:
    effect.do()
    name = Name(TENANT, "keys", "openai", "production")
    return Answer(Health(status="done"), disclosed=(Disclosure(name, 2),))


def row(recorded: Recorded | None, run: Any = act) -> Operation:
    return Operation(
        name="act",
        summary="",
        action="access:read",
        method="GET",
        path="/api/v1/act",
        request=WhoamiRequest,
        response=Health,
        run=run,
        recorded=recorded,
        event_type="acted",
    )


def through(
    operation: Row,
    recorder: Recorder,
    caller: Caller = CALLER,
    refusal: Refusal | None = None,
    request: Wire | None = None,
) -> tuple[Answer | Refusal, Effect]:
    effect = Effect(recorder, refusal)
    ports = {
        "journal": recorder,
        "access_log": recorder,
        "clock": StandingClock(),
        "identifiers": CountingIdentifiers(),
        "effect": effect,
    }
    try:
        return perform(operation, request or WhoamiRequest(), caller, "request-1", ports.__getitem__), effect
    except Refusal as refused:
        return refused, effect


def told(recorder: Recorder) -> list[tuple[str, str, str]]:
    return [(where, entry.event_type, entry.result.status) for where, entry in recorder.told]


def test_the_product_at_work_passes_the_same_door_and_stands_in_the_record() -> None:
    recorder = Recorder()
    task = Task(
        name="act",
        summary="",
        action="secrets:rotate",
        trigger=Trigger.STEP,
        request=WhoamiRequest,
        run=act,
        recorded=Recorded.BEFORE_RELEASE,
        event_type="acted",
    )
    answer, effect = through(task, recorder, the_product(TENANT, "rotation"))
    assert isinstance(answer, Answer) and effect.calls == 1
    (_, entry) = recorder.told[0]
    assert (entry.tenant, entry.actor.id, entry.actor.type) == (TENANT, "system:rotation", "system")


def test_behind_runs_first_and_notes_afterwards() -> None:
    recorder = Recorder()
    answer, effect = through(row(Recorded.BEHIND), recorder)
    assert isinstance(answer, Answer) and effect.on_record_before == 0
    assert told(recorder) == [("behind", "acted", "success")]
    assert recorder.told[0][1].metadata == {"version": 3}


def test_before_release_holds_the_answer_until_the_entry_is_durable() -> None:
    recorder = Recorder()
    answer, _ = through(row(Recorded.BEFORE_RELEASE), recorder)
    assert isinstance(answer, Answer) and told(recorder) == [("journal", "acted", "success")]
    broken, _ = through(row(Recorded.BEFORE_RELEASE), Recorder(down=True))
    assert isinstance(broken, Unavailable)


def test_with_change_leaves_the_entry_to_the_writer() -> None:
    recorder = Recorder()
    answer, effect = through(row(Recorded.WITH_CHANGE), recorder)
    assert isinstance(answer, Answer) and effect.calls == 1 and told(recorder) == []


def test_intent_and_outcome_stand_before_and_after_the_effect() -> None:
    recorder = Recorder()
    _, effect = through(row(Recorded.INTENT_AND_OUTCOME), recorder)
    assert effect.on_record_before == 1
    intent, outcome = (entry for _, entry in recorder.told)
    assert (intent.metadata["phase"], outcome.metadata["phase"]) == ("intent", "outcome")
    assert outcome.metadata["intent"] == intent.id != outcome.id


def test_no_intent_on_record_no_effect() -> None:
    refused, effect = through(row(Recorded.INTENT_AND_OUTCOME), Recorder(down=True))
    assert isinstance(refused, Unavailable) and effect.calls == 0


def test_an_effect_that_failed_has_its_outcome_on_record() -> None:
    recorder = Recorder()
    through(row(Recorded.INTENT_AND_OUTCOME), recorder, refusal=Conflict())
    assert told(recorder)[:2] == [("journal", "acted", "success"), ("journal", "acted", "failure")]


@pytest.mark.parametrize("recorded", list(Recorded))
def test_a_refusal_by_policy_is_on_record_and_nothing_was_run(recorded: Recorded) -> None:
    recorder = Recorder()
    refused, effect = through(row(recorded), recorder, Caller(TENANT, "user:b", frozenset()))
    assert isinstance(refused, PermissionDenied) and effect.calls == 0
    assert told(recorder) == [("journal", "access.denied", "denied")]


class Carrying(WhoamiRequest):
    """It carries what stands at `here` to `there`."""

    here: str
    there: str

    @property
    def touches(self) -> tuple[Touch, ...]:
        return ()

    @property
    def flow(self) -> tuple[Touch, Touch] | None:
        return Touch(self.here, "production"), Touch(self.there, "production")


@pytest.mark.parametrize(
    ("here", "there", "allowed"),
    [
        ("out/of/reach", "within/reach", False),
        ("within/reach", "out/of/reach", True),
        ("within/reach", "within/other", True),
        ("out/of/reach", "out/of/other", True),
    ],
)
def test_who_may_read_there_and_not_here_carries_nothing_there(here: str, there: str, allowed: bool) -> None:
    recorder = Recorder()
    caller = Caller(TENANT, "service:a", frozenset({"service-account"}), attributes={"namespaces": "within"})
    carry = replace(row(Recorded.WITH_CHANGE), request=Carrying, action="secrets:write")
    answer, effect = through(carry, recorder, caller, request=Carrying(here=here, there=there))
    assert effect.calls == int(allowed)
    assert isinstance(answer, Answer if allowed else PermissionDenied)
    denials = [(way, entry.event_type, entry.resource.id) for way, entry in recorder.told]
    assert denials == ([] if allowed else [("journal", "access.denied", here)])


@pytest.mark.parametrize("recorded", list(Recorded))
def test_a_refusal_that_cannot_be_recorded_is_not_told(recorded: Recorded) -> None:
    refused, effect = through(row(recorded), Recorder(down=True), Caller(TENANT, "user:b", frozenset()))
    assert isinstance(refused, Unavailable) and effect.calls == 0


def test_a_failure_is_noted_under_an_id_of_its_own() -> None:
    recorder = Recorder()
    through(row(Recorded.WITH_CHANGE), recorder, refusal=Conflict())
    ((where, entry),) = recorder.told
    assert (where, entry.result.status, entry.metadata) == ("behind", "failure", {"kind": "conflict"})
    assert entry.id != "01HZZZZZZZZZZZZZZZZZ000001"


@pytest.mark.parametrize("recorded", [Recorded.BEHIND, Recorded.BEFORE_RELEASE])
def test_a_disclosed_secret_has_a_durable_entry_of_its_own(recorded: Recorded) -> None:
    recorder = Recorder()
    through(row(recorded, disclose), recorder)
    where, entry = recorder.told[0]
    assert (where, entry.event_type, entry.resource.id, entry.metadata["version"]) == (
        "journal",
        "secret.accessed",
        "keys/openai",
        2,
    )
    refused, _ = through(row(recorded, disclose), Recorder(down=True))
    assert isinstance(refused, Unavailable)


def test_every_entry_says_who_asked_for_what() -> None:
    recorder = Recorder()
    through(row(Recorded.BEHIND), recorder)
    entry = recorder.told[0][1]
    assert (entry.tenant, entry.actor.id, entry.actor.roles, entry.action, entry.request_id) == (
        TENANT,
        "user:a",
        ("tenant-admin",),
        "access:read",
        "request-1",
    )
    assert JournalEntry.from_record(entry.to_record()) == entry
    assert entry.tenant != PLATFORM
