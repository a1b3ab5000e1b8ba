"""The deployed functions as handlers: each call is a Lambda Invoke of the alias that API Gateway would call."""

import json
from collections.abc import Mapping
from typing import Any

from llm_config.operations.operation import Operation
from llm_config_local.waiting import Handler

ALIAS = "live"


class DeployedFunctions:
    """`client` is boto3's for Lambda, `prefix` what the stage puts before an operation's name."""

    def __init__(self, client: Any, prefix: str) -> None:
        self._client, self._prefix = client, prefix

    def handler_of(self, operation: Operation) -> Handler:
        function = f"{self._prefix}-{operation.name}:{ALIAS}"

        def handler(event: Mapping[str, Any], context: object) -> dict[str, Any]:
            reply = self._client.invoke(FunctionName=function, Payload=json.dumps(event).encode())
            if "FunctionError" in reply:
                return _as_a_gateway_would()
            answer: dict[str, Any] = json.loads(reply["Payload"].read())
            return answer

        return handler


def _as_a_gateway_would() -> dict[str, Any]:
    """A function that broke: API Gateway says no more than this."""
    body = json.dumps({"message": "Internal Server Error"})
    return {"statusCode": 500, "headers": {"content-type": "application/json"}, "body": body}
