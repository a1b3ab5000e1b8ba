"""Rotations run by Step Functions: one Standard execution an attempt, named after both, so that two starts are one."""

import json
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from llm_config_domain.errors import Unavailable
from llm_config_domain.rotation.entries import Rotation
from llm_config_domain.rotation.runs import input_of, name_of

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient


class StepFunctionsEngine:
    """Implements `rotation_engine`. `machine` is the ARN of the state machine."""

    def __init__(self, client: "SFNClient", machine: str) -> None:
        self._client, self._machine = client, machine

    def start(self, rotation: Rotation) -> None:
        try:
            self._client.start_execution(
                stateMachineArn=self._machine, name=name_of(rotation), input=json.dumps(input_of(rotation))
            )
        except self._client.exceptions.ExecutionAlreadyExists:
            return
        except (ClientError, BotoCoreError) as error:
            raise Unavailable("the engine of rotations does not answer") from error
