"""Events on the wire: CloudEvents 1.0 in JSON form, and the JSON Schema of each type, made of the same models.

A later release may add members, never take one away or change what it means: schemas are open, so that a reader of today
takes the events of then.
"""

from typing import Any, Literal

from pydantic import Field

from llm_config_contract.wire import Wire
from llm_config_domain.events import PUBLISHED_TYPES, SOURCE, type_of

DENIED = type_of("access.denied")
_DRAFT = "https://json-schema.org/draft/2020-12/schema"


class EventData(Wire):
    """What an event is about."""

    tenant_id: str = Field(description="the tenant's immutable id")
    namespace: str = Field(description="empty for a tenant and an API key")
    key: str = Field(description="of a config or secret; the id of a tenant or API key; empty for a namespace")
    environment: str | None = Field(description="of a config or secret")


class ChangeData(EventData):
    """What changed, by name and number; never a value. Apply it when `revision` is above what you hold."""

    version: int = Field(ge=1, description="of what changed: from 1, without a gap")
    previous_version: int | None = Field(description="null for what is new")
    revision: int = Field(
        ge=1, description="of the namespace, secrets apart from configs, or of the tenant's own records"
    )
    change_type: str = Field(
        description="create, update, delete, restore, rollback, activate, revoke, destroy, rotate, expire"
    )
    rotation_id: str | None = Field(default=None, description="of a rotation's step, for acknowledgements")
    status: str | None = Field(default=None, description="of that rotation")
    step: str | None = Field(default=None, description="the step that it has taken")
    outcome: str | None = Field(default=None, description="how that step ended, in words")
    cause: str | None = Field(default=None, description="manual, scheduled, compromised, policy_change")
    expires_at: str | None = Field(default=None, description="when the version is, or was, of no use any more")
    severity: str | None = Field(default=None, description="error: a person must look")


class DenialData(EventData):
    """Who was not allowed to do what. The names are those that were asked for: nothing need stand there."""

    version: None
    previous_version: None
    revision: None
    change_type: None
    action: str = Field(description="resource type and verb, as in `configs:write`")
    actor: str = Field(description="the subject of the credential")


class CloudEvent(Wire):
    """`id` is the journal's id: the same change has the same id however often it is delivered."""

    specversion: Literal["1.0"]
    id: str = Field(description="a ULID; the same at each delivery: dedupe by it")
    source: Literal["llm-config-manager"]
    type: str
    subject: str = Field(description="tenant/<tenant id>/<noun>/<name>")
    time: str = Field(description="RFC 3339 in UTC, when it was committed; no order follows from it")
    datacontenttype: Literal["application/json"]
    data: ChangeData | DenialData


class ChangeEvent(CloudEvent):
    """Something was changed, and the change is durable."""

    data: ChangeData


class DenialEvent(CloudEvent):
    """A caller with a valid credential was not allowed something; nothing was changed."""

    data: DenialData


class Owned(Wire):
    tenant_id: str = Field(max_length=64)


class Concerning(Wire):
    data: Owned


class Published(Wire):
    """As much of what a rule of EventBridge hands on as tells whose event it is; it is read with all else ignored."""

    detail: Concerning

    @property
    def owner(self) -> str:
        return self.detail.data.tenant_id


def model_of(event_type: str) -> type[CloudEvent]:
    return DenialEvent if event_type == DENIED else ChangeEvent


def schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schema of every published type, by type."""
    return {event_type: _schema(event_type) for event_type in sorted(map(type_of, PUBLISHED_TYPES))}


def _schema(event_type: str) -> dict[str, Any]:
    made: dict[str, Any] = _open(model_of(event_type).model_json_schema())
    made["properties"]["type"] = {"const": event_type}
    made["properties"]["source"] = {"const": SOURCE}
    return {"$schema": _DRAFT, "$id": f"urn:{SOURCE}:{event_type}", **made, "title": event_type}


def _open(schema: Any) -> Any:
    """Without the refusal of unknown members, and without titles that repeat a member's name."""
    if not isinstance(schema, dict):
        return schema
    kept = {name: part for name, part in schema.items() if name != "additionalProperties" and not _is_title(name, part)}
    return {name: _open(part) for name, part in kept.items()}


def _is_title(name: str, part: Any) -> bool:
    return name == "title" and isinstance(part, str)
