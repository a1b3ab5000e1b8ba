"""The front's handlers that stand elsewhere: what is invoked, and what a broken function looks like from outside."""

import io
import json
from typing import Any

import pytest

from llm_config.operations.configs.get_config import GET_CONFIG
from llm_config_localstack.functions import DeployedFunctions

EVENT = {"rawPath": "/api/v1/configs/a/b", "body": "☃"}


class Lambda:
    """boto3's client for Lambda, as far as it is asked."""

    def __init__(self, reply: dict[str, Any]) -> None:
        self.reply, self.asked = reply, dict[str, Any]()

    def invoke(self, **asked: Any) -> dict[str, Any]:
        self.asked = asked
        return self.reply


def test_the_alias_is_invoked_that_the_gateway_would_call() -> None:
    deployed = Lambda({"Payload": io.BytesIO(b'{"statusCode": 200}')})
    answer = DeployedFunctions(deployed, "llm-config-x").handler_of(GET_CONFIG)(EVENT, None)
    assert answer == {"statusCode": 200}
    assert deployed.asked["FunctionName"] == "llm-config-x-get_config:live"
    assert json.loads(deployed.asked["Payload"]) == EVENT


@pytest.mark.parametrize("kind", ["Handled", "Unhandled"])
def test_a_function_that_breaks_is_a_500_that_tells_nothing(kind: str) -> None:
    deployed = Lambda({"FunctionError": kind, "Payload": io.BytesIO(b'{"errorMessage": "canary"}')})
    answer = DeployedFunctions(deployed, "llm-config-x").handler_of(GET_CONFIG)(EVENT, None)
    assert answer["statusCode"] == 500
    assert "canary" not in json.dumps(answer)
