"""What a million of an operation cost on AWS: its calls are counted over moto, their prices stand in `prices.json`.

Read and write units follow from the requests and answers themselves (strong reads: one unit for each 4 KB of an item;
a transaction's items count twice; an item that an index lists is written once more). How long a function runs is
assumed, and said: it is the smallest part.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from math import ceil
from pathlib import Path
from typing import Any

from tests.bench.recording import ACME, CONFIG, RESOLVED, SECRET, SECRET_VALUE, VALUE, deployment
from tests.support.aws import AwsKit

PRICES: dict[str, Any] = json.loads(Path(__file__).with_name("prices.json").read_text())
READ_UNIT_BYTES, WRITE_UNIT_BYTES = 4096, 1024


@dataclass(frozen=True, slots=True)
class Priced:
    """`calls` as they were counted; `dollars` for a million."""

    operation: str
    calls: dict[str, int]
    read_units: int
    write_units: int
    log_bytes: int
    dollars: float


@dataclass(frozen=True, slots=True)
class Ask:
    method: str
    url: str
    body: Any = None


PUT_CONFIG = Ask("PUT", CONFIG, {"value": VALUE})
PUT_SECRET = Ask("PUT", SECRET, {"type": "generic", "value": SECRET_VALUE})
GIVEN = (PUT_CONFIG, PUT_SECRET)
OPERATIONS: dict[str, tuple[Ask, bool]] = {
    "get_config": (Ask("GET", CONFIG), False),
    "resolve_config, the first time": (Ask("GET", RESOLVED), False),
    "resolve_config, again": (Ask("GET", RESOLVED), True),
    "get_secret, the first time": (Ask("GET", SECRET), False),
    "get_secret, again": (Ask("GET", SECRET), True),
    "put_config": (PUT_CONFIG, True),
    "put_secret": (PUT_SECRET, True),
}
"""What is asked, and whether its container was asked the same before."""


def priced() -> list[Priced]:
    with deployment() as kit:
        token = kit.token(ACME, "tenant-admin")
        for ask in GIVEN:
            _ask(kit, token, ask)
        return [_priced(kit, token, name, ask, warm=warm) for name, (ask, warm) in OPERATIONS.items()]


def dollars(calls: dict[str, int], read_units: int, write_units: int, log_bytes: int) -> float:
    """For a million requests."""
    price, assumed = PRICES["dollars_per_million"], PRICES["assumed"]
    ms = assumed["own_ms"] + sum(times * _ms_of(call, assumed["ms_of"]) for call, times in calls.items())
    kms = sum(times for call, times in calls.items() if call.startswith("kms:"))
    return float(
        price["http_api_request"]
        + price["lambda_request"]
        + assumed["memory_gb"] * ms / 1e3 * PRICES["lambda_gb_second"] * 1e6
        + read_units * price["dynamodb_read_unit"]
        + write_units * price["dynamodb_write_unit"]
        + kms * price["kms_request"]
        + calls.get("s3:GetObject", 0) * price["s3_get"]
        + calls.get("s3:PutObject", 0) * price["s3_put"]
        + log_bytes / 2**30 * 1e6 * PRICES["log_gb"]
    )


def _ms_of(call: str, known: dict[str, float]) -> float:
    return known.get(call, known[call.partition(":")[0]])


def _priced(kit: AwsKit, token: str, name: str, ask: Ask, *, warm: bool) -> Priced:
    container = kit.another_container()
    if warm:
        _ask(container, token, ask)
    log = StringIO()
    with redirect_stdout(log), kit.account.counted() as counted, _units(kit) as units:
        _ask(container, token, ask)
    calls, log_bytes = dict(counted), len(log.getvalue().encode())
    read, written = units["read"], units["written"]
    return Priced(name, calls, read, written, log_bytes, dollars(calls, read, written, log_bytes))


def _ask(container: AwsKit, token: str, ask: Ask) -> None:
    status = container.call(ask.method, ask.url, ask.body, token=token).status
    assert status in (200, 201), f"{ask.method} {ask.url} was answered {status}"


@contextmanager
def _units(kit: AwsKit) -> Iterator[Counter[str]]:
    """The read and write units of what is asked of DynamoDB meanwhile."""
    units: Counter[str] = Counter()

    def before(params: Any, model: Any, **_: Any) -> None:
        units["written"] += _written(model.name, json.loads(params["body"]))

    def after(parsed: Any, model: Any, **_: Any) -> None:
        units["read"] += _read(model.name, parsed)

    events = kit.account.client("dynamodb").meta.events
    with ExitStack() as stack:
        for event, hear in (("before-call.dynamodb", before), ("after-call.dynamodb", after)):
            events.register(event, hear)
            stack.callback(events.unregister, event, hear)
        yield units


def _written(operation: str, asked: Any) -> int:
    if operation == "PutItem":
        return _write_units(asked["Item"])
    if operation == "TransactWriteItems":
        items = [member["Put"]["Item"] for member in asked["TransactItems"]]
        return sum(2 * _write_units(item) + _indexed(item) for item in items)
    return 0


def _indexed(item: Any) -> int:
    """The index has all of an item but its value."""
    return _write_units({name: told for name, told in item.items() if name != "value"}) if "listing" in item else 0


def _write_units(item: Any) -> int:
    return ceil(_size(item) / WRITE_UNIT_BYTES)


def _read(operation: str, answer: Any) -> int:
    if operation == "BatchGetItem":
        items = [item for found in answer["Responses"].values() for item in found]
        return sum(_read_units([item]) for item in items)
    if operation == "Query":
        return _read_units(answer["Items"])
    return _read_units([answer["Item"]]) if operation == "GetItem" and "Item" in answer else 0


def _read_units(items: Sequence[Any]) -> int:
    return max(1, ceil(sum(map(_size, items)) / READ_UNIT_BYTES))


def _size(item: Any) -> int:
    return sum(len(name) + _length(next(iter(told.values()))) for name, told in item.items())


def _length(value: Any) -> int:
    return len(value) if isinstance(value, bytes) else len(str(value).encode())
