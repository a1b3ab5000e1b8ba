"""What people and other writers do to a rotation, and what becomes of it."""

from datetime import timedelta

import pytest

from llm_config_domain.errors import Conflict
from llm_config_domain.rotation.entries import MAX_SERVICES, MAX_STEPS, Status, Step
from llm_config_domain.rotation.evidence import Evidence
from llm_config_domain.rotation.interventions import Aborted, Acknowledged, Reported, Resumed, due_at
from llm_config_domain.rotation.plan import Missing
from llm_config_domain.rotation.steps import SUPERSEDED
from llm_config_domain.secrets.entries import Mark
from llm_config_domain.secrets.lifecycle import Activation, Deletion, Revocation
from tests.support.rotating import Bench, used

FALLEN = Evidence(old=(used("a"),), new=(used("a", "new-id", 20, 10),))


def test_acknowledgements_are_bounded_and_end_with_the_rotation() -> None:
    bench = Bench().begin()
    for number in range(MAX_SERVICES):
        bench.apply(Acknowledged(service=f"s{number}"))
    with pytest.raises(Conflict):
        bench.apply(Acknowledged(service="one more"))
    bench.reach(Step.DONE)
    with pytest.raises(Conflict):
        bench.apply(Acknowledged(service="too late"))
    assert len(bench.rotation.steps) == MAX_STEPS and bench.rotation.steps[0].step is Step.PLAN


def test_reports_roll_back_at_once_and_only_in_the_grace() -> None:
    bench = Bench().begin(grace_seconds=60).reach(Step.GRACE)
    assert bench.apply(Reported(evidence=Evidence())) is None
    sleeping = bench.next_step(Evidence())
    bench.apply(Reported(evidence=FALLEN))
    assert (bench.rotation.step, bench.rotation.attempt, bench.rotation.ends_as) == (
        Step.WITHDRAW, 2, Status.ROLLED_BACK,
    )  # fmt: skip
    bench.moment += timedelta(seconds=60)
    assert bench.apply(sleeping) is None
    assert bench.apply(Reported(evidence=FALLEN)) is None


@pytest.mark.parametrize("step", [Step.CREATE, Step.TEST, Step.NOTIFY, Step.ACKNOWLEDGE, Step.PROMOTE])
def test_before_the_promotion_an_abort_leaves_nothing(step: Step) -> None:
    bench = Bench().begin().reach(step)
    bench.apply(Aborted())
    assert bench.apply(Aborted()) is None
    assert (bench.rotation.step, bench.rotation.attempt) == (Step.WITHDRAW, 2)
    bench.take()
    assert (bench.rotation.status, bench.head.current) == (Status.ABORTED, 1)
    assert [mark for version, mark in bench.marks.items() if version != 1] in ([], [Mark.REVOKED])
    with pytest.raises(Conflict):
        bench.apply(Aborted())


def test_in_the_grace_an_abort_goes_back_and_after_it_there_is_none() -> None:
    bench = Bench().begin().reach(Step.GRACE)
    bench.apply(Aborted())
    bench.take()
    assert (bench.rotation.status, bench.head.current) == (Status.ROLLED_BACK, 1)
    late = Bench().begin().reach(Step.RETIRE)
    with pytest.raises(Conflict):
        late.apply(Aborted())
    gone = Bench().begin().reach(Step.GRACE)
    gone.move(Revocation(version=1))
    with pytest.raises(Conflict):
        gone.apply(Aborted())


def test_what_is_held_is_resumed_and_nothing_else() -> None:
    bench = Bench().begin(missing_acknowledgement=Missing.HOLD).reach(Step.ACKNOWLEDGE)
    with pytest.raises(Conflict):
        bench.apply(Resumed())
    bench.wait()
    bench.take()
    assert (bench.rotation.status, bench.events[-1], due_at(bench.rotation)) == (Status.HELD, "rotation.held", None)
    bench.apply(Resumed())
    assert bench.reach(Step.DONE).rotation.status is Status.COMPLETED


@pytest.mark.parametrize(
    ("step", "status", "after"),
    [
        (Step.CREATE, Status.RUNNING, Step.WITHDRAW),
        (Step.TEST, Status.RUNNING, Step.WITHDRAW),
        (Step.PROMOTE, Status.RUNNING, Step.WITHDRAW),
        (Step.GRACE, Status.HELD, Step.GRACE),
        (Step.RETIRE, Status.HELD, Step.RETIRE),
    ],
)
def test_what_fails_for_good_is_taken_back_or_held(step: Step, status: Status, after: Step) -> None:
    bench = Bench().begin(grace_seconds=0).reach(step)
    bench.wait()
    bench.give_up()
    assert (bench.rotation.status, bench.rotation.step) == (status, after)
    if after is Step.WITHDRAW:
        bench.give_up("unavailable")
        statuses = [bench.rotation.status]
        bench.apply(Aborted())
        bench.take()
        assert [*statuses, bench.rotation.status] == [Status.HELD, Status.FAILED]


@pytest.mark.parametrize("step", [Step.CREATE, Step.PROMOTE])
def test_a_version_that_somebody_else_brought_into_use_is_left_in_use(step: Step) -> None:
    bench = Bench().begin(notice_seconds=0).reach(step)
    version = bench.write()
    bench.take()
    assert (bench.rotation.step, bench.rotation.steps[-1].outcome, bench.head.current) == (
        Step.WITHDRAW, SUPERSEDED, version,
    )  # fmt: skip
    assert bench.marks[bench.rotation.new_version or 0] is Mark.REVOKED
    assert (bench.take(), bench.rotation.status)[1] is Status.FAILED


def test_a_write_in_the_grace_stays_in_use_to_the_end() -> None:
    bench = Bench().begin(grace_seconds=0).reach(Step.GRACE)
    version = bench.write()
    bench.take(FALLEN)
    assert (bench.rotation.step, bench.head.current) == (Step.RETIRE, version)
    back = Bench().begin().reach(Step.GRACE)
    back.write()
    back.apply(Aborted())
    assert (back.head.current, back.marks[2]) == (3, Mark.REVOKED)


def test_what_people_did_in_the_grace_is_seen() -> None:
    back = Bench().begin().reach(Step.GRACE)
    back.move(Activation(version=1))
    back.wait()
    back.take()
    assert (back.rotation.ends_as, back.marks[2]) == (Status.ROLLED_BACK, Mark.REVOKED)
    none = Bench().begin().reach(Step.GRACE)
    none.move(Revocation(version=2))
    none.wait()
    none.take()
    assert (none.rotation.status, none.marks[1]) == (Status.HELD, Mark.LIVE)
    gone = Bench().begin().reach(Step.GRACE)
    gone.move(Revocation(version=1))
    gone.wait()
    gone.take()
    assert gone.rotation.step is Step.RETIRE


def test_a_waiting_version_that_was_activated_by_hand_is_promoted_all_the_same() -> None:
    bench = Bench().begin().reach(Step.PROMOTE)
    bench.move(Activation(version=2))
    assert bench.reach(Step.GRACE).head.current == 2
    stuck = Bench().begin().reach(Step.TEST)
    stuck.move(Activation(version=2))
    stuck.move(Revocation(version=1))
    stuck.give_up()
    assert (stuck.rotation.status, stuck.head.current) == (Status.HELD, 2)


def test_a_secret_that_was_deleted_is_not_rotated() -> None:
    bench = Bench().begin(notice_seconds=0).reach(Step.PROMOTE)
    bench.move(Deletion())
    bench.take()
    assert bench.rotation.ends_as is Status.FAILED
