"""How a secret rotates when nobody says otherwise: its target, its durations, and when its next rotation is."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from llm_config_domain import times
from llm_config_domain.errors import Conflict, NotFound
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import Name
from llm_config_domain.rotation import schedules
from llm_config_domain.rotation.plan import Wishes
from llm_config_domain.secrets.entries import SecretHead

SCHEDULED = "rotation.scheduled"
GENERIC: Mapping[str, Any] = {"kind": "generic"}
"""The target of a secret that names none: a new value is made, and no other system is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RotationSettings:
    """`schedule` is canonical; None: nothing happens by itself. `next_at` is None where that is so, or while disabled.
    `version` counts the changes of this record."""

    name: Name
    target: Mapping[str, Any] = field(default_factory=lambda: dict(GENERIC))
    wishes: Wishes = field(default_factory=Wishes)
    schedule: str | None = None
    timezone: str = "UTC"
    enabled: bool = True
    next_at: str | None = None
    version: int = 0

    def following(self, at: str) -> "RotationSettings":
        """With the first time after `at` as the next one."""
        if self.schedule is None or not self.enabled:
            return replace(self, next_at=None, version=self.version + 1)
        now = times.parse(at)
        found = schedules.parse(self.schedule).following(now, self.timezone)
        return replace(self, next_at=times.rfc3339(found) if found else None, version=self.version + 1)

    def shown_by(self, head: SecretHead) -> SecretHead:
        """The secret's head, which tells its readers when it rotates next."""
        return replace(head, next_rotation_at=self.next_at)

    def told(self, entry: JournalEntry, *, at: str, revision: int) -> JournalEntry:
        """`entry` as the record of this change: when it rotates and where, nothing of the secret."""
        told = entry.with_metadata(
            revision=revision,
            version=self.version,
            change_type="schedule",
            schedule=self.schedule,
            enabled=self.enabled,
            next_rotation_at=self.next_at,
        )
        return replace(told, at=at, event_type=SCHEDULED)

    def to_record(self) -> dict[str, Any]:
        """All but the name."""
        record = {name: getattr(self, name) for name in self.__slots__ if name != "name"}
        return {**record, "target": dict(self.target), "wishes": self.wishes.to_record()}

    @classmethod
    def from_record(cls, name: Name, record: Mapping[str, Any]) -> "RotationSettings":
        return cls(name=name, **{**record, "wishes": Wishes.from_record(record["wishes"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsDraft:
    """What a writer brings; what it leaves out stays as it was. `due` is a time of the schedule that has come and can
    begin nothing, because a rotation runs or no version is in use: the schedule goes on to the next one."""

    schedule: str | None = None
    timezone: str | None = None
    enabled: bool | None = None
    target: Mapping[str, Any] | None = None
    wishes: Wishes = field(default_factory=Wishes)
    drops_schedule: bool = False
    due: str | None = None

    def over(self, name: Name, was: RotationSettings | None, at: str) -> RotationSettings:
        """Raises Malformed, ValueRefused; NotFound where a schedule is dropped that is not there, Conflict where the
        time that was due has been served."""
        if self.due is not None and (was is None or was.next_at != self.due):
            raise Conflict("this time of the schedule has been served already, or the schedule was changed")
        if self.drops_schedule and (was is None or was.schedule is None):
            raise NotFound("this secret has no schedule")
        now = was or RotationSettings(name=name)
        timezone = self.timezone or now.timezone
        schedule = now.schedule
        if self.schedule is not None:
            schedule = schedules.read(self.schedule, times.parse(at), timezone).text
        said = {key: told for key, told in asdict(self).items() if key in ("enabled", "target") and told is not None}
        new = replace(now, **said, schedule=schedule, timezone=timezone, wishes=self.wishes.over(now.wishes))
        return (replace(new, schedule=None) if self.drops_schedule else new).following(at)
