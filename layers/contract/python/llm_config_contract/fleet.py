"""The fleet on the wire: what instances hold."""

from typing import Annotated

from pydantic import AfterValidator, Field

from llm_config_contract.wire import Environment, ItemPath, ListRequest, Namespace, Touch, Wire
from llm_config_domain import fleet

Service = Annotated[str, AfterValidator(fleet.check_service)]
Instance = Annotated[str, AfterValidator(fleet.check_instance)]
Revision = Annotated[int, Field(ge=0, le=999_999_999_999)]
VersionId = Annotated[str, Field(pattern=r"^[0-9A-HJKMNP-TV-Z]{26}$")]


class SecretHeld(Wire):
    path: ItemPath
    version_id: VersionId


class ReportItem(Wire):
    """`revision`: of the namespace's configs, as an answer or the feed's `reached` said it."""

    namespace: Namespace
    environment: Environment
    revision: Revision
    secrets: Annotated[list[SecretHeld], Field(max_length=50)] = Field(default_factory=list)


class ReportFleetRequest(Wire):
    """What one instance of a service holds now: each item in the place of what it said of the same namespace before."""

    service: Service
    instance: Instance
    items: Annotated[list[ReportItem], Field(min_length=1, max_length=50)]

    @property
    def resource_id(self) -> str:
        return f"{self.items[0].namespace}/*"

    @property
    def resource_environment(self) -> str | None:
        return self.items[0].environment

    @property
    def touches(self) -> tuple[Touch, ...]:
        return tuple(Touch(f"{item.namespace}/*", item.environment) for item in self.items)


class FleetReceipt(Wire):
    """Report again within `report_again_seconds`, or you are shown as stale."""

    report_again_seconds: int


class GetFleetRequest(ListRequest):
    pass


class FleetMember(Wire):
    """`standing`: `current`, `behind`, or `stale` when it has not reported for three minutes."""

    service: str
    instance: str
    namespace: str
    environment: str
    revision: int
    current_revision: int
    standing: str
    age_seconds: int
    reported_at: str
    reported_by: str
    secrets: list[SecretHeld]


class FleetPage(Wire):
    """`total`, `current`, `behind`, `stale` and `converged` are of all that the query is about, `items` a page of it."""

    total: int
    current: int
    behind: int
    stale: int
    converged: bool
    items: list[FleetMember]
    next_cursor: str | None = None
