"""Reads through the whole handler, event text in, answer text out, as the Lambda runtime does it; the wire is cut."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

from llm_config.runtime import wiring
from tests.bench.measure import Contest, Row, Side
from tests.bench.recording import CONFIG, NAMESPACE, RESOLVED, SECRET, SECRET_VALUE, VALUE, Recording, recorded
from tests.bench.replay import ENVIRONMENT, OfflineFamily, Wire
from tests.support.clocks import SteppedClock

BOUND_SECONDS = 6
"""Beyond the bound of 5 s within which a cached config is answered without asking."""
RuntimeCall = Callable[[], str]


def rows() -> list[Row]:
    whole = "CPU time of the whole handler: event text in, answer text out, token checked, access noted; "
    return [
        Row("resolve_hit", "resolve a config again, whole handler", "us",
            whole + "beside a handler that looks into a dict and answers", _hit),
        Row("resolve_revalidated", "resolve a config after its bound, whole handler", "us",
            whole + "the clock is moved 6 s on before each; beside one boto3 get_item", _revalidated),
        Row("resolve_miss", "resolve a config never asked for, whole handler", "us",
            whole + "another namespace each time; beside one boto3 get_item", _miss),
        Row("secret_read", "read a secret, data key cached, whole handler", "us",
            whole + "beside the boto3 calls that it makes: batch_get_item and put_item", _secret),
    ]  # fmt: skip


@contextmanager
def _hit() -> Iterator[Contest]:
    with _function("configs.resolve_config", _resolving()) as (call, wire):
        product = Side("product", call, _tells(VALUE))
        yield Contest(product, Side("bare cached handler", _bare_handler(), _tells(VALUE)), [], _asked(wire, call))


@contextmanager
def _revalidated() -> Iterator[Contest]:
    clock = SteppedClock()
    with _function("configs.resolve_config", _resolving(), clock) as (call, wire):

        def later() -> str:
            clock.step(BOUND_SECONDS)
            return call()

        yield Contest(Side("product", later, _tells(VALUE)), _get_item(), [], _asked(wire, later))


@contextmanager
def _miss() -> Iterator[Contest]:
    recording, numbers = _resolving(), count(1)
    with _function("configs.resolve_config", recording) as (call, wire):
        handler, place = call.handler, Wire.PLACE.decode()

        def elsewhere() -> str:
            number = f"{next(numbers):08}"
            wire.place = number.encode()
            return json.dumps(handler(json.loads(recording.event.replace(place, number)), None))

        yield Contest(Side("product", elsewhere, _tells(VALUE)), _get_item(), [], _asked(wire, elsewhere))


@contextmanager
def _secret() -> Iterator[Contest]:
    recording = recorded([(SECRET, {"type": "generic", "value": SECRET_VALUE})], SECRET)
    with _function("secrets.get_secret", recording) as (call, wire):
        client = wire.client("dynamodb")

        def two_calls() -> Any:
            keys = [{"pk": {"S": "a"}, "sk": {"S": "b"}}]
            asked: Any = {"configs": {"Keys": keys, "ConsistentRead": True}, "control": {"Keys": keys}}
            found = client.batch_get_item(RequestItems=asked)
            client.put_item(TableName="t", Item={"pk": {"S": "a"}, "sk": {"S": "b"}, "entry": {"S": "x" * 500}})
            return found

        peer = Side("boto3 batch_get_item + put_item", two_calls, lambda found: bool(found["Responses"]))
        yield Contest(Side("product", call, _tells(SECRET_VALUE)), peer, [], _asked(wire, call))


def _resolving() -> Recording:
    return recorded([(CONFIG, {"value": VALUE})], RESOLVED)


class _Call:
    """One request as Lambda makes it."""

    def __init__(self, handler: Callable[[Any, Any], dict[str, Any]], event: str) -> None:
        self.handler, self._event = handler, event

    def __call__(self) -> str:
        return json.dumps(self.handler(json.loads(self._event), None))


@contextmanager
def _function(name: str, recording: Recording, clock: SteppedClock | None = None) -> Iterator[tuple[_Call, Wire]]:
    """The function over whatever the wiring gives; its log lines are written, and go nowhere."""
    os.environ.update(ENVIRONMENT)
    wire = Wire(recording.heard)
    wiring.use(OfflineFamily(wire.client, recording.key_set, clock).factories())
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        yield _Call(import_module(f"functions.{name}.handler").lambda_handler, recording.event), wire


def _asked(wire: Wire, call: RuntimeCall) -> Callable[[], str]:
    """What the product asks of AWS for one more, as a remark."""

    def remark() -> str:
        wire.calls.clear()
        call()
        told = ", ".join(f"{times} {operation}" for operation, times in wire.calls.items())
        return f"asks AWS for each: {told or 'nothing'}"

    return remark


def _tells(value: Any) -> Callable[[str], bool]:
    def told(answer: str) -> bool:
        result = json.loads(answer)
        return bool(result["statusCode"] == 200 and json.loads(result["body"])["value"] == value)

    return told


def _bare_handler() -> RuntimeCall:
    """What no handler can do without: read the event, look into a dict, write the answer."""
    kept = {f"{NAMESPACE}/primary": json.dumps({"value": VALUE})}
    event = recorded([(CONFIG, {"value": VALUE})], RESOLVED).event

    def handler(event: Any) -> dict[str, Any]:
        body = kept[event["pathParameters"]["path"]]
        return {"statusCode": 200, "headers": {"Content-Type": "application/json", "ETag": '"1"'}, "body": body}

    return lambda: json.dumps(handler(json.loads(event)))


def _get_item() -> Side:
    import boto3

    value = json.dumps(VALUE)
    told = {"Item": {"pk": {"S": "a"}, "sk": {"S": "b"}, "version": {"N": "3"}, "value": {"S": value}}}
    wire = Wire({"GetItem": json.dumps(told).encode()})
    client = wire.cut(boto3.client("dynamodb", region_name="us-east-1"))
    key: Any = {"pk": {"S": "a"}, "sk": {"S": "b"}}

    def read() -> Any:
        return client.get_item(TableName="t", Key=key, ConsistentRead=True)["Item"]["value"]["S"]

    return Side("boto3 get_item", read, lambda answer: answer == value)
