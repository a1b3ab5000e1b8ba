"""Rotations in a home under test: begun, stepped and aborted by their port."""

from typing import Any

from llm_config_domain import times
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import Name
from llm_config_domain.rotation.beginnings import Beginning
from llm_config_domain.rotation.entries import Rotation, Step
from llm_config_domain.rotation.evidence import Evidence
from llm_config_domain.rotation.plan import Cause, Wishes
from llm_config_domain.rotation.settings import RotationSettings, SettingsDraft
from llm_config_domain.rotation.steps import Created, Gathered, Judged, Notified, Passed, Promoted, Retired, Withdrawn
from llm_config_domain.rotation.transitions import Advanced, EngineStep, Transition
from llm_config_domain.secrets.entries import SecretDraft, SecretType
from llm_config_domain.secrets.values import Plaintext, Sealed
from tests.support.families import HomeUnderTest
from tests.support.samples import entry_about

NEW_VALUE = b'"rotated"'


def entry_about_secret(home: HomeUnderTest, name: Name) -> JournalEntry:
    return entry_about(home, "secrets", name)


def begin(
    home: HomeUnderTest,
    name: Name,
    *,
    cause: Cause = Cause.MANUAL,
    due: str | None = None,
    idempotency: Idempotency | None = None,
    **wishes: Any,
) -> Rotation:
    beginning = Beginning(
        rotation_id=home.provide("identifiers").ulid(),
        name=name,
        cause=cause,
        requested_by="user:ana",
        wishes=Wishes(**wishes),
        due=due,
    )
    entry = entry_about(home, "secrets", name)
    rotation: Rotation = home.provide("rotation_writer").begin(beginning, entry=entry, idempotency=idempotency).version
    return rotation


def step_of(home: HomeUnderTest, rotation: Rotation, evidence: Evidence, expires_at: str | None = None) -> EngineStep:
    """The step that is next."""
    attempt, ids = rotation.attempt, home.provide("identifiers")
    draft = SecretDraft(
        type=SecretType.GENERIC,
        author="system:rotation",
        new_id=ids.ulid(),
        version_id=ids.ulid(),
        activate=False,
        expires_at=expires_at,
    )
    steps: dict[Step, EngineStep] = {
        Step.CREATE: Created(attempt=attempt, draft=draft),
        Step.TEST: Passed(attempt=attempt),
        Step.NOTIFY: Notified(attempt=attempt),
        Step.ACKNOWLEDGE: Gathered(attempt=attempt, evidence=evidence),
        Step.PROMOTE: Promoted(attempt=attempt, evidence=evidence),
        Step.GRACE: Judged(attempt=attempt, evidence=evidence),
        Step.RETIRE: Retired(attempt=attempt),
        Step.WITHDRAW: Withdrawn(attempt=attempt),
    }
    return steps[rotation.step]


def move(
    home: HomeUnderTest, rotation: Rotation, transition: Transition, idempotency: Idempotency | None = None
) -> Advanced:
    name = rotation.name

    def seal(version: int) -> Sealed:
        sealed: Sealed = home.provide("sealer").seal(name, version, Plaintext(NEW_VALUE))
        return sealed

    adds = isinstance(transition, Created)
    entry = entry_about(home, "secrets", name)
    done: Advanced = home.provide("rotation_writer").advance(
        rotation, transition, entry=entry, idempotency=idempotency, seal=seal if adds else None
    )
    return done


def reach(
    home: HomeUnderTest,
    rotation: Rotation,
    step: Step,
    evidence: Evidence | None = None,
    *,
    expires_at: str | None = None,
) -> Rotation:
    """Take steps, waiting for each, until `step` is next, or a person is waited for."""
    while rotation.step is not step and rotation.runs:
        away = (times.parse(rotation.not_before) - home.clock.now()).total_seconds()
        home.clock.step(max(0, away))
        done = move(home, rotation, step_of(home, rotation, evidence or Evidence(), expires_at))
        assert done.changed
        rotation = done.rotation
    return rotation


def settings(home: HomeUnderTest, name: Name, **draft: Any) -> RotationSettings:
    entry = entry_about(home, "secrets", name)
    told: RotationSettings = (
        home.provide("rotation_writer")
        .put_settings(name, SettingsDraft(**draft), entry=entry, idempotency=None)
        .version
    )
    return told
