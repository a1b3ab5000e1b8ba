"""A task as the handler of a deployment, and of each day that has come: whatever there is to do by then is done.

CloudFormation calls it as a custom resource (User Guide, "Custom resource request objects"), and waits until it is told
of the outcome at an address that it gave; a queue brings the days.
"""

import http.client
import json
import ssl
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from llm_config.operations.operation import Task
from llm_config.operations.perform import Provide
from llm_config.runtime import wiring
from llm_config.runtime.task import Defect, run_task
from llm_config_domain.errors import Refusal, Unavailable

Event = Mapping[str, Any]
Tell = Callable[[str, bytes], None]
"""(address, what to put there)"""
Handler = Callable[[Event, Any], dict[str, Any]]
TIMEOUT_SECONDS = 10


def tell(address: str, body: bytes, context: ssl.SSLContext | None = None) -> None:
    """Raises Unavailable when it was not taken; ValueError for an address that is not https."""
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname:
        raise ValueError("a deployment is told over https only")
    connection = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=TIMEOUT_SECONDS, context=context)
    try:
        connection.request("PUT", f"{parts.path}?{parts.query}", body, {"Content-Type": ""})
        if connection.getresponse().status != http.client.OK:
            raise Unavailable("the deployment could not be told")
    except (OSError, http.client.HTTPException) as error:
        raise Unavailable("the deployment could not be told") from error
    finally:
        connection.close()


def upkeep(row: Task, provide: Provide = wiring.provide, tell: Tell = tell) -> Handler:
    """The `lambda_handler` of `row`. To a queue it raises the Refusal, or Defect: the day comes again."""

    def lambda_handler(event: Event, context: Any) -> dict[str, Any]:
        request_id = str(getattr(context, "aws_request_id", "") or "unknown")
        if "ResponseURL" not in event:
            return run_task(row, {}, request_id, provide)
        outcome = _outcome(row, event, request_id, provide)
        tell(event["ResponseURL"], json.dumps(outcome).encode())
        return outcome

    return lambda_handler


def _outcome(row: Task, event: Event, request_id: str, provide: Provide) -> dict[str, Any]:
    """What CloudFormation is told. What is deleted leaves everything as it is: the audit outlives its deployment."""
    told = {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    told |= {"PhysicalResourceId": row.name, "Status": "SUCCESS", "Reason": ""}
    if event["RequestType"] == "Delete":
        return told
    try:
        run_task(row, {}, request_id, provide)
    except (Refusal, Defect) as error:
        kind = error.kind if isinstance(error, Refusal) else "a defect"
        return told | {"Status": "FAILED", "Reason": f"{row.name}: {kind}; request {request_id} in the function's log"}
    return told
