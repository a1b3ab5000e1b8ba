"""What each operation asks of AWS, to the call: the read path's promise, and the first thing that a bill shows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from llm_config.operations.catalog import OPERATIONS
from llm_config.operations.events.publish_changes import PUBLISH_CHANGES
from llm_config.operations.operation import Operation
from llm_config.runtime.consumer import stream
from tests.support.asks import (
    ACME,
    API_KEYS,
    NEW_API_KEY,
    Ask,
)
from tests.support.aws import AwsKit, on_aws
from tests.support.aws_calls import (
    BATCH_GET,
    CASES,
    GET,
    PUT_EVENTS,
    TRANSACT,
    Case,
)
from tests.support.permissions import refused, watched


@pytest.fixture
def kit(tmp_path: Path) -> Iterator[AwsKit]:
    with on_aws(tmp_path) as kit:
        kit.tenant("acme", ACME)
        yield kit


def _asked(container: AwsKit, ask: Ask) -> int:
    token = container.token(ask.by, ask.role)
    return container.call(ask.method, ask.url, ask.body, token=token, headers=ask.headers).status


@pytest.mark.parametrize(
    ("operation", "case"),
    [
        pytest.param(operation, case, id=f"{operation.name}: {words}")
        for operation in OPERATIONS
        for words, case in CASES.get(operation.name, {}).items()
    ],
)
def test_an_operation_asks_exactly_this_of_aws_and_may(kit: AwsKit, operation: Operation, case: Case) -> None:
    for ask in case.before:
        _asked(kit, ask)
    container = kit.another_container()
    for ask in case.warm:
        _asked(container, ask)
    for ask in case.meanwhile:
        _asked(kit, ask)
    kit.clock.step(case.later)
    with kit.account.counted() as calls, watched(kit.account) as asked:
        status = _asked(container, case.ask)
    # A replay is answered as the first time, 201; every other answer is the ask's own.
    assert (status, dict(calls)) == (case.ask.status, case.calls)
    assert not refused(operation, asked), "infra/cdk/llm_config_cdk/grants.py"


def test_a_request_with_an_api_key_reads_one_row_more(kit: AwsKit) -> None:
    made = kit.call("POST", API_KEYS, NEW_API_KEY.body, token=kit.token(ACME, "tenant-admin")).json
    container = kit.another_container()
    for _ in range(2):  # never kept: a revocation holds from the next request on
        with kit.account.counted() as calls:
            assert container.call("GET", "/api/v1/whoami", headers={"x-api-key": made["key"]}).status == 200
        assert calls == {GET: 2}


def test_revoking_an_api_key_is_one_read_and_one_transaction(kit: AwsKit) -> None:
    token = kit.token(ACME, "tenant-admin")
    made = kit.call("POST", API_KEYS, NEW_API_KEY.body, token=token).json
    with kit.account.counted() as calls:
        assert kit.another_container().call("DELETE", f"{API_KEYS}/{made['id']}", token=token).status == 204
    assert calls == {BATCH_GET: 1, TRANSACT: 1}


@pytest.mark.parametrize(
    ("count", "calls"), [(0, {}), (1, {PUT_EVENTS: 1}), (10, {PUT_EVENTS: 1}), (11, {PUT_EVENTS: 2})]
)
def test_publishing_is_one_call_for_ten_events_and_none_for_what_is_no_event(
    kit: AwsKit, count: int, calls: dict[str, int]
) -> None:
    for number in range(count):
        _asked(kit, Ask("PUT", f"/api/v1/configs/gateway/key-{number}?environment=production", {"value": 1}))
    written = [row for row in kit.account.rows("journal") if "#N#" in row["pk"]["S"]]
    records = [
        {"eventName": "INSERT", "dynamodb": {"SequenceNumber": str(number), "NewImage": row}}
        for number, row in enumerate(written)
    ]
    handler = stream(PUBLISH_CHANGES, kit.another_container().provide)
    with kit.account.counted() as asked, watched(kit.account) as permitted:
        assert handler({"Records": records}, None) == {"batchItemFailures": []}
    assert (len(records), dict(asked)) == (count, calls)
    assert not refused(PUBLISH_CHANGES, permitted)


@pytest.mark.catalog
def test_every_operation_is_in_the_table() -> None:
    missing = {operation.name for operation in OPERATIONS} - set(CASES)
    assert not missing, f"tests/support/aws_calls.py says nothing about {sorted(missing)}"
