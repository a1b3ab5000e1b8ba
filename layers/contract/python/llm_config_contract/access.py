"""Identity on the wire."""

from llm_config_contract.wire import Wire


class WhoamiRequest(Wire):
    @property
    def resource_id(self) -> str:
        return "whoami"


class Whoami(Wire):
    tenant: str
    tenant_id: str
    subject: str
    actor_type: str
    roles: list[str]
    credential: str
