"""When a version of a secret ends, and when somebody hears of it. Times are RFC 3339, as `times` writes them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

from llm_config_domain import times
from llm_config_domain.errors import ValueRefused, Violation
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import Name, TenantId
from llm_config_domain.policy import Resource
from llm_config_domain.secrets.entries import Mark, SecretHead, SecretVersion

NOTICE_DAYS = (30, 7, 1)
"""So many days before the end it is told of, as far as the version was there then."""
FORGOTTEN_AFTER = timedelta(days=30)
"""A version that is not in use may come into use again; so long after its end nobody looks any more."""
EXPIRES_SOON = "secret.expires_soon"
EXPIRED = "secret.expired"
_SEVERITY = {EXPIRES_SOON: "warning", EXPIRED: "error"}


def chosen(asked: str | None, own: str | None, at: str) -> str | None:
    """The end of a version that is written at `at`: the one that was asked for, or what the value says of itself.

    Raises ValueRefused for one that was asked for and is not in the future.
    """
    if asked is not None and asked <= at:
        refused = Violation("/expires_at", "future", "this lies in the future")
        raise ValueRefused("a secret that has expired is of no use: name a later time", violations=[refused])
    return own if asked is None else asked


def moments(written_at: str, expires_at: str) -> tuple[str, ...]:
    """When the end of a version is told of, the end itself last. A life of a day at most is told of in its last tenth."""
    written, end = times.parse(written_at), times.parse(expires_at)
    before = [end - timedelta(days=days) for days in NOTICE_DAYS if end - timedelta(days=days) > written]
    soon = before or [end - max(end - written, timedelta()) / 10]
    return tuple(times.rfc3339(moment) for moment in (*soon, end))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A version whose end, or the next notice of it, may have come at `at`."""

    tenant: TenantId
    path: str
    environment: str
    version: int
    at: str

    def to_record(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What is known of the end of one version: `passed` of its moments are behind it. `look_at` is None once nobody need
    look; `count` counts the changes of this record."""

    version: int
    version_id: str
    written_at: str
    expires_at: str
    look_at: str | None
    passed: int = 0
    count: int = 1

    def ending(self, name: Name) -> Ending | None:
        if self.look_at is None:
            return None
        path, environment = name.path, name.environment
        return Ending(tenant=name.tenant, path=path, environment=environment, version=self.version, at=self.look_at)

    def after(self, at: str, head: SecretHead, mark: Mark) -> "Look | None":
        """What a look at `at` finds; None when it comes too early, or once more. Of several moments that passed unseen the
        last is told, so that an outage is made up for once."""
        if self.look_at is None or at < self.look_at:
            return None
        if not mark.readable:
            return Look(self._moved(None))
        if head.current != self.version or head.deleted:
            again = times.rfc3339(times.parse(at) + timedelta(days=1))
            late = times.parse(at) > times.parse(self.expires_at) + FORGOTTEN_AFTER
            return Look(self._moved(None if late else again))
        return self._in_use(at)

    def _in_use(self, at: str) -> "Look":
        found = moments(self.written_at, self.expires_at)
        passed = sum(moment <= at for moment in found)
        over = passed == len(found)
        told = (EXPIRED if over else EXPIRES_SOON) if passed > self.passed else None
        return Look(replace(self._moved(None if over else found[passed]), passed=passed), told)

    def _moved(self, look_at: str | None) -> "Watch":
        return replace(self, look_at=look_at, count=self.count + 1)

    def told(self, entry: JournalEntry, event_type: str, name: Name, *, at: str, revision: int) -> JournalEntry:
        """`entry` as the record that this was told."""
        told = entry.with_metadata(
            change_type="expire",
            version=self.version,
            previous_version=None,
            version_id=self.version_id,
            expires_at=self.expires_at,
            revision=revision,
        )
        resource = Resource("secrets", name.path, name.environment)
        return replace(told, at=at, event_type=event_type, severity=_SEVERITY[event_type], resource=resource)

    def to_record(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Watch":
        return cls(**record)


@dataclass(frozen=True, slots=True)
class Look:
    """How a watch goes on, and the type of the event that is told now, if any is."""

    watch: Watch
    told: str | None = None


def watch_of(new: SecretVersion) -> Watch | None:
    """Of a version that is written; one without an end needs none."""
    if new.expires_at is None:
        return None
    return Watch(
        version=new.version,
        version_id=new.version_id,
        written_at=new.updated_at,
        expires_at=new.expires_at,
        look_at=moments(new.updated_at, new.expires_at)[0],
    )
