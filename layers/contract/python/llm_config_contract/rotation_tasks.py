"""What the product asks of itself about rotations: the steps of the state machine, and what a minute finds due."""

from typing import Annotated

from pydantic import Field

from llm_config_contract.access import Id
from llm_config_contract.wire import Environment, ItemPath, Wire


class RotationStepRequest(Wire):
    """The input of a step: what the product wrote itself when it started the execution."""

    tenant: Id
    rotation_id: Id
    attempt: Annotated[int, Field(ge=1, le=10**6)]

    @property
    def resource_id(self) -> str:
        return f"rotations/{self.rotation_id}"


class GiveUpStepRequest(RotationStepRequest):
    error: Annotated[str, Field(max_length=100)]


class RotationStepResult(RotationStepRequest):
    """`next` is the step that is next, or `nothing`; `not_before` is as a Wait takes it, in whole seconds."""

    next: str
    not_before: str


class RunDueRequest(Wire):
    """What the agenda holds: a rotation to be started again, or a schedule that has come."""

    tenant: Id
    at: str
    rotation_id: Id | None = None
    attempt: int = 0
    not_before: str | None = None
    path: ItemPath | None = None
    environment: Environment | None = None

    @property
    def resource_id(self) -> str:
        return self.path or f"rotations/{self.rotation_id}"

    @property
    def resource_environment(self) -> str | None:
        return self.environment


class DueRun(Wire):
    rotation_id: str | None
