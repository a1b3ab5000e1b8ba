"""DynamoDB and its streams by the moto that LocalStack brings along, in place of a server that needs a JVM.

moto loses acknowledged writes when two threads write at once, so requests to it stand in a line.
"""

import threading
from collections.abc import Callable
from typing import Any

from localstack.aws.api.dynamodb import DynamodbApi
from localstack.aws.api.dynamodbstreams import DynamodbstreamsApi
from localstack.services.moto import MotoFallbackDispatcher
from localstack.services.plugins import Service, aws_provider

_one_at_a_time = threading.RLock()
Dispatch = Callable[..., Any]


class MotoDynamodb(DynamodbApi):
    """Implements nothing itself: all of it is moto's."""


class MotoStreams(DynamodbstreamsApi):
    """The same for the streams."""


@aws_provider(api="dynamodb", name="moto")
def dynamodb() -> Service:
    return Service.for_provider(MotoDynamodb(), dispatch_table_factory=_in_line)


@aws_provider(api="dynamodbstreams", name="moto")
def streams() -> Service:
    return Service.for_provider(MotoStreams(), dispatch_table_factory=_in_line)


def _in_line(provider: object) -> dict[str, Dispatch]:
    return {operation: _waiting(dispatch) for operation, dispatch in MotoFallbackDispatcher(provider).items()}


def _waiting(dispatch: Dispatch) -> Dispatch:
    def answer(*arguments: Any, **more: Any) -> Any:
        with _one_at_a_time:
            return dispatch(*arguments, **more)

    return answer
