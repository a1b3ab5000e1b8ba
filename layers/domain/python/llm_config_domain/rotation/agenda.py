"""What waits for its time: a rotation that must be looked after, or a schedule that has come."""

from dataclasses import asdict, dataclass
from typing import Any

from llm_config_domain.names import TenantId
from llm_config_domain.rotation.entries import Rotation
from llm_config_domain.rotation.interventions import due_at
from llm_config_domain.rotation.settings import RotationSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Either `rotation_id` is there, with its `attempt`, or `path` and `environment`: a schedule. `at` is when it is
    due; `not_before` is when a rotation's next step is."""

    tenant: TenantId
    at: str
    rotation_id: str | None = None
    attempt: int = 0
    not_before: str | None = None
    path: str | None = None
    environment: str | None = None

    def to_record(self) -> dict[str, Any]:
        return asdict(self)


def of_rotation(rotation: Rotation) -> Due | None:
    at = due_at(rotation)
    if at is None:
        return None
    return Due(
        tenant=rotation.name.tenant,
        at=at,
        rotation_id=rotation.id,
        attempt=rotation.attempt,
        not_before=rotation.not_before,
    )


def of_settings(settings: RotationSettings) -> Due | None:
    if settings.next_at is None:
        return None
    name = settings.name
    return Due(tenant=name.tenant, at=settings.next_at, path=name.path, environment=name.environment)
