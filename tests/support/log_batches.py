"""Lines of the functions' logs as CloudWatch Logs brings them to a function that is subscribed to their groups."""

import base64
import gzip
import json
from collections.abc import Sequence
from typing import Any

GROUP = "/aws/lambda/llm-config-test-get_config"


def sent(lines: Sequence[str], kind: str = "DATA_MESSAGE") -> dict[str, Any]:
    """The event of one call (CloudWatch Logs User Guide, "Subscription filters with AWS Lambda")."""
    told = {
        "messageType": kind,
        "owner": "123456789012",
        "logGroup": GROUP,
        "logStream": "2026/01/02/[17]0f9e1d2c3b4a59687766554433221100",
        "subscriptionFilters": ["reads"],
        "logEvents": [
            {"id": f"{37000000000000000000000000000000000000000000000000000000 + number:056d}",
             "timestamp": 1767323045678 + number, "message": line}
            for number, line in enumerate(lines)
        ],
    }  # fmt: skip
    return packed(json.dumps(told).encode())


def packed(content: bytes) -> dict[str, Any]:
    return {"awslogs": {"data": base64.b64encode(gzip.compress(content, mtime=0)).decode()}}


def brought_again(event: dict[str, Any]) -> dict[str, Any]:
    """What Lambda had put aside, as the queue brings it (Lambda Developer Guide, "Capturing records of Lambda asynchronous
    invocations")."""
    told = {
        "version": "1.0",
        "timestamp": "2026-01-02T03:09:05.678Z",
        "requestContext": {
            "requestId": "3e4f5a6b-0000-4000-8000-000000000000",
            "functionArn": "arn:aws:lambda:us-east-1:123456789012:function:llm-config-test-append_reads:live",
            "condition": "RetriesExhausted",
            "approximateInvokeCount": 3,
        },
        "requestPayload": event,
        "responseContext": {"statusCode": 200, "executedVersion": "17", "functionError": "Unhandled"},
        "responsePayload": {"errorMessage": "", "errorType": "Unavailable", "stackTrace": []},
    }
    return {"Records": [{"messageId": "m-1", "eventSource": "aws:sqs", "body": json.dumps(told)}]}
