"""The AWS family's adapters of rotations, imported at first use as all of them are."""

from collections.abc import Callable
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from llm_config.runtime.settings import Settings

if TYPE_CHECKING:
    from llm_config.adapters.dynamodb.rotations import DynamoRotations
    from llm_config.runtime.aws_family import AwsFamily


class AwsRotation:
    """What stands behind the ports of rotations, beside the rest of a family. `client` and `settings` are the family's."""

    def __init__(self, family: "AwsFamily", client: Callable[[str], Any], settings: Callable[[], Settings]) -> None:
        self._family, self._client, self._settings = family, client, settings

    def factories(self) -> dict[str, Callable[[], Any]]:
        return {
            "rotation_reader": lambda: self._rotations,
            "rotation_writer": lambda: self._rotations,
            "rotation_agenda": self._agenda,
            "rotation_engine": self._engine,
            "rotation_target": self._target,
            "usage_reader": self._usage_reports,
            "usage_writer": self._usage_reports,
            "secret_expiries": self._expiries,
        }

    @cached_property
    def _rotations(self) -> "DynamoRotations":
        from llm_config.adapters.dynamodb.rotations import DynamoRotations

        return DynamoRotations(self._family.secret_rows, self._family.secrets, self._family.clock)

    def _agenda(self) -> Any:
        from llm_config.adapters.dynamodb.rotation_agenda import DynamoRotationAgenda

        return DynamoRotationAgenda(self._family.store)

    def _expiries(self) -> Any:
        from llm_config.adapters.dynamodb.secret_expiries import DynamoSecretExpiries

        return DynamoSecretExpiries(self._family.secret_rows, self._family.clock)

    def _engine(self) -> Any:
        from llm_config.adapters.step_functions.engine import StepFunctionsEngine

        return StepFunctionsEngine(self._client("stepfunctions"), self._settings().rotation_machine)

    def _target(self) -> Any:
        from llm_config.adapters.system.targets_by_kind import TargetsByKind
        from llm_config.adapters.targets.by_kind import OPENAI_URL, factories

        provide = cache(lambda port: self._family.factories()[port]())
        return TargetsByKind(factories(provide, local=False, openai_url=self._settings().openai_url or OPENAI_URL))

    def _usage_reports(self) -> Any:
        from llm_config.adapters.dynamodb.usage_reports import DynamoUsageReports

        return DynamoUsageReports(self._family.store, self._family.clock)
