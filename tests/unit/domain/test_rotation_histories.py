"""Any order of crashes, repetitions, late answers, aborts, reports and writes of other people leaves a rotation whole."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from llm_config_domain.errors import Refusal
from llm_config_domain.rotation.entries import Status, Step
from llm_config_domain.rotation.evidence import Evidence
from llm_config_domain.rotation.interventions import Aborted, Acknowledged, Reported, Restarted, Resumed
from llm_config_domain.rotation.plan import Cause, Missing, Strategy
from llm_config_domain.rotation.transitions import Transition
from llm_config_domain.secrets.entries import Mark
from llm_config_domain.secrets.lifecycle import Activation
from tests.support.rotating import Bench, used

SECONDS = st.sampled_from([0, 1, 7, 60])
FALLEN = Evidence(old=(used("a"),), new=(used("a", "new-id", 20, 10),))


class Histories(RuleBasedStateMachine):
    """`valid`: the versions whose credentials the target takes. What somebody else writes is good at the target too."""

    def __init__(self) -> None:
        super().__init__()
        self.bench = Bench()
        self.valid = {1}
        self.revoked: set[int] = set()
        self.others = {1}
        self.delivered: list[Transition] = []
        self.evidence = Evidence()

    @initialize(
        cause=st.sampled_from(Cause), strategy=st.sampled_from(Strategy), missing=st.sampled_from(Missing),
        notice=SECONDS, grace=SECONDS, quiet=SECONDS,
    )  # fmt: skip
    def begin(self, cause: Cause, strategy: Strategy, missing: Missing, notice: int, grace: int, quiet: int) -> None:
        self.bench.begin(
            cause, strategy=strategy, missing_acknowledgement=missing, notice_seconds=notice, grace_seconds=grace,
            quiet_seconds=quiet,
        )  # fmt: skip

    def _effect(self) -> None:
        """What the step does at the target, before the store hears of it."""
        rotation = self.bench.rotation
        if rotation.step is Step.TEST and rotation.new_version:
            self.valid.add(rotation.new_version)
        if rotation.step is Step.RETIRE:
            self.valid.discard(rotation.old_version)
        if rotation.step is Step.WITHDRAW and rotation.new_version:
            self.valid.discard(rotation.new_version)

    @precondition(lambda self: not self.bench.rotation.status.ended)
    @rule(crashes=st.booleans(), repeated=st.booleans(), waits=st.booleans())
    def engine(self, crashes: bool, repeated: bool, waits: bool) -> None:
        if waits:
            self.bench.wait()
        if self.bench.rotation.runs:
            self._effect()
        if crashes:
            return
        step = self.bench.next_step(self.evidence)
        self.delivered.append(step)
        self.bench.apply(step)
        if repeated:
            before = self.bench.rotation
            self.bench.apply(step)
            assert self.bench.rotation == before or before.step is Step.GRACE

    @precondition(lambda self: not self.bench.rotation.status.ended)
    @rule()
    def a_step_fails_for_good(self) -> None:
        self.bench.give_up()

    @precondition(lambda self: self.delivered)
    @rule(data=st.data())
    def an_old_step_comes_late(self, data: st.DataObject) -> None:
        self.bench.apply(data.draw(st.sampled_from(self.delivered)))

    @rule(transition=st.sampled_from([Aborted(), Resumed(), Acknowledged(service="a"), Reported(evidence=FALLEN)]))
    def somebody_intervenes(self, transition: Transition) -> None:
        try:
            self.bench.apply(transition)
        except Refusal:
            return

    @rule()
    def the_engine_died(self) -> None:
        self.bench.apply(Restarted(attempt=self.bench.rotation.attempt))

    @rule(evidence=st.sampled_from([Evidence(), FALLEN]), version_id=st.sampled_from(["old-id", "new-id"]))
    def services_report(self, evidence: Evidence, version_id: str) -> None:
        old = (used("a", at=self.bench.moment),) if version_id == "old-id" else ()
        self.evidence = Evidence(old=(*evidence.old, *old), new=evidence.new)

    @rule()
    def somebody_writes(self) -> None:
        version = self.bench.write()
        self.valid.add(version)
        self.others.add(version)

    @rule(data=st.data())
    def somebody_activates(self, data: st.DataObject) -> None:
        live = [version for version, mark in self.bench.marks.items() if mark is Mark.LIVE]
        self.bench.move(Activation(version=data.draw(st.sampled_from(live))))

    @rule(seconds=st.integers(1, 100))
    def time_passes(self, seconds: int) -> None:
        self.bench.moment += timedelta(seconds=seconds)

    @invariant()
    def the_version_in_use_works_at_the_target(self) -> None:
        current = self.bench.head.current
        assert current in self.valid
        assert self.bench.marks[current or 0] is Mark.LIVE

    @invariant()
    def one_or_two_versions_are_valid(self) -> None:
        others = self.others - {1}
        assert 1 <= len(self.valid) - len(others & self.valid) + bool(others) <= 3
        assert len(self.valid - others) <= 2

    @invariant()
    def what_is_revoked_stays_revoked(self) -> None:
        revoked = {version for version, mark in self.bench.marks.items() if mark is Mark.REVOKED}
        assert self.revoked <= revoked
        self.revoked = revoked

    @invariant()
    def an_end_is_an_end(self) -> None:
        rotation = getattr(self.bench, "rotation", None)
        assert rotation is None or rotation.status.ended == (rotation.step is Step.DONE)

    def teardown(self) -> None:
        """Left alone, it ends, or is held for a reason that it names."""
        if not hasattr(self.bench, "rotation"):
            return
        for _ in range(30):
            if not self.bench.rotation.runs:
                break
            self.bench.wait()
            self._effect()
            self.bench.take(self.evidence)
        assert self.bench.rotation.status is not Status.RUNNING
        assert self.bench.rotation.steps[-1].outcome


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=200, stateful_step_count=30, deadline=None)
