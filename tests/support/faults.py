"""Ways for AWS to fail, to be put before a call (see `Account.faults`)."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError

from tests.support.aws import Fault, client


def refusing(code: str, status: int = 400) -> Fault:
    def fault(call: Callable[[], Any]) -> Any:
        raise ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, "Asked")  # type: ignore[typeddict-item]

    return fault


def silent(call: Callable[[], Any]) -> Any:
    raise ConnectTimeoutError(endpoint_url="https://aws.test")


def deaf(call: Callable[[], Any]) -> Any:
    """It is done, and nobody hears of it."""
    call()
    raise ReadTimeoutError(endpoint_url="https://aws.test")


def failing_once(fault: Fault) -> Fault:
    left = [fault]

    def once(call: Callable[[], Any]) -> Any:
        return left.pop()(call) if left else call()

    return once


FAILURES = [
    pytest.param(silent, id="silent"),
    pytest.param(refusing("ProvisionedThroughputExceededException"), id="throttled"),
    pytest.param(refusing("AccessDeniedException"), id="denied"),
    pytest.param(refusing("InternalServerError", 500), id="broken"),
]


def cancelled(*codes: str) -> Fault:
    def fault(call: Callable[[], Any]) -> Any:
        told: Any = {
            "Error": {"Code": "TransactionCanceledException"},
            "ResponseMetadata": {"HTTPStatusCode": 400},
            "CancellationReasons": [{"Code": code} for code in codes],
        }
        raise client("dynamodb").exceptions.TransactionCanceledException(told, "TransactWriteItems")

    return fault
