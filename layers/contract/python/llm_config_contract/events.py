"""Events on the wire: CloudEvents 1.0 in JSON form."""

from typing import Literal

from llm_config_contract.wire import Wire


class ChangeData(Wire):
    """What changed, by name and number. Apply it when `version` is above what you hold; never carries a secret."""

    tenant_id: str
    namespace: str
    key: str
    environment: str | None
    version: int | None
    previous_version: int | None
    revision: int | None
    change_type: str | None
    action: str | None = None
    actor: str | None = None


class CloudEvent(Wire):
    """`id` is the journal's id: the same change has the same id however often it is delivered."""

    specversion: Literal["1.0"]
    id: str
    source: str
    type: str
    subject: str
    time: str
    datacontenttype: Literal["application/json"]
    data: ChangeData
