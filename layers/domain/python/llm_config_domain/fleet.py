"""Who runs on what: what each instance of a service says that it holds, and whether that is what stands."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from llm_config_domain import times
from llm_config_domain.errors import Malformed

REPORT_AGAIN_SECONDS = 60
STALE_SECONDS = 180
"""Three reports that did not come."""
KEPT_SECONDS = 900
"""After this an instance is not of the fleet any more."""
_SERVICE = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_INSTANCE = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,126}[A-Za-z0-9])?")
Place = tuple[str, str, str, str]
"""(namespace, environment, service, instance)."""


def check_service(name: str) -> str:
    if not _SERVICE.fullmatch(name):
        raise Malformed("a service's name is 1 to 63 of a-z, 0-9 and '-', and begins and ends with a letter or digit")
    return name


def check_instance(name: str) -> str:
    if not _INSTANCE.fullmatch(name):
        raise Malformed(
            "an instance's id is 1 to 128 of letters, digits, '.', '_' and '-', begins and ends with a letter or digit"
        )
    return name


class Standing(StrEnum):
    CURRENT = "current"
    BEHIND = "behind"
    STALE = "stale"
    """It has not reported for so long that what it holds is not known."""


@dataclass(frozen=True, slots=True)
class FleetReport:
    """What one instance holds of one namespace in one environment. `secrets`: path -> the version's id."""

    namespace: str
    environment: str
    service: str
    instance: str
    revision: int
    secrets: Mapping[str, str]
    reported_at: str
    reported_by: str

    @property
    def place(self) -> Place:
        return self.namespace, self.environment, self.service, self.instance

    def age_seconds(self, now: datetime) -> float:
        return (now - times.parse(self.reported_at)).total_seconds()

    def standing(self, current: int, now: datetime) -> Standing:
        """`current`: the namespace's revision. An instance may know of a newer one than the caller was told of."""
        if self.age_seconds(now) >= STALE_SECONDS:
            return Standing.STALE
        return Standing.CURRENT if self.revision >= current else Standing.BEHIND

    def to_record(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "FleetReport":
        return cls(**record)


@dataclass(frozen=True, slots=True)
class FleetCount:
    """How many hold what. `converged`: there is somebody, and everybody is known to hold what stands."""

    current: int
    behind: int
    stale: int

    @classmethod
    def of(cls, standings: Iterable[Standing]) -> "FleetCount":
        found = list(standings)
        return cls(*(found.count(standing) for standing in (Standing.CURRENT, Standing.BEHIND, Standing.STALE)))

    @property
    def total(self) -> int:
        return self.current + self.behind + self.stale

    @property
    def converged(self) -> bool:
        return 0 < self.current == self.total
