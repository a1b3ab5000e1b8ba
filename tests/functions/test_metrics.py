"""The metrics of a request: read out of its line as CloudWatch reads them, few enough to be paid for."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from redis import ConnectionError as NoConnection

from llm_config.adapters.valkey.shared_layers import ValkeySharedLayers
from llm_config.operations.catalog import OPERATIONS
from llm_config.operations.configs.get_config import GET_CONFIG
from llm_config.operations.operation import Operation
from llm_config.runtime.observability import Observation, waited_for_keys
from tests.functions.test_request_lines import asked
from tests.support.asks import ACME, CONFIG, GET_SECRET, NEW_TENANT, PUT_CONFIG, PUT_SECRET, RESOLVE, REVEAL, Ask
from tests.support.aws import AwsKit, on_aws
from tests.support.aws_calls import CASES, Case
from tests.support.emf import Measurement, measurements
from tests.support.nets import EVERY_OTHER
from tests.support.valkey import connected, new_prefix


@pytest.fixture
def kit(tmp_path: Path) -> Iterator[AwsKit]:
    with on_aws(tmp_path) as kit:
        kit.tenant("acme", ACME)
        yield kit


def every_case() -> list[Any]:
    return [
        pytest.param(name, case, id=f"{name}: {words}")
        for name, cases in CASES.items()
        for words, case in cases.items()
    ]


@EVERY_OTHER
@pytest.mark.parametrize(("name", "case"), every_case())
def test_every_operation_writes_exactly_one_line_and_its_metrics_are_by_the_specification(
    kit: AwsKit, name: str, case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    for ask in (*case.before, *case.warm, *case.meanwhile):
        asked(kit, ask, capsys)
    (line,) = asked(kit, case.ask, capsys)
    told = json.loads(line)
    assert (told["operation"], told["request_id"]) == (name, "test-request")
    assert told["http_status"] == case.ask.status or told["status"] == "success"
    check_bounded(measurements(line), OPERATIONS)


def check_bounded(measured: list[Measurement], operations: tuple[Operation, ...]) -> None:
    """A dimension's values are a handful, known beforehand: no name, key or tenant is among them."""
    known = {
        "operation": {operation.name for operation in operations},
        "status": {"success", "denied", "refused", "failed"},
        "cache_level": {"l1", "l2", "store", "none"},
        "layer": {"l1"},
        "l1": {"hit", "stale", "miss", "joined"},
        "l2": {"hit", "miss", "open"},
    }
    for each in measured:
        assert each.namespace == "llm_config"
        assert all(value in known[name] for name, value in each.dimensions), each


def metric(lines: list[str], name: str) -> list[tuple[float, ...]]:
    """The values of a metric, under its narrowest dimensions."""
    (line,) = lines
    found = [each for each in measurements(line) if each.name == name]
    return [found[-1].values] if found else []


def test_secrets_that_leave_are_counted_wherever_they_leave(kit: AwsKit, capsys: pytest.CaptureFixture[str]) -> None:
    for ask in (PUT_SECRET, PUT_CONFIG):
        assert metric(asked(kit, ask, capsys), "secret_access_total") == []
    assert metric(asked(kit, GET_SECRET, capsys), "secret_access_total") == [(1.0,)]
    assert metric(asked(kit, REVEAL, capsys), "secret_access_total") == [(1.0,)]
    assert metric(asked(kit, RESOLVE, capsys), "secret_access_total") == []


def test_an_answer_from_memory_is_a_hit_and_one_from_the_store_is_none(
    kit: AwsKit, capsys: pytest.CaptureFixture[str]
) -> None:
    asked(kit, PUT_CONFIG, capsys)
    hits = [metric(asked(kit, RESOLVE, capsys), "cache_hit_ratio") for _ in range(2)]
    kit.clock.step(6)
    hits.append(metric(asked(kit, RESOLVE, capsys), "cache_hit_ratio"))
    assert hits == [[(0.0,)], [(1.0,)], [(0.0,)]]
    assert metric(asked(kit, Ask("GET", CONFIG), capsys), "cache_hit_ratio") == []


def test_what_each_look_into_a_cache_came_to_is_counted(kit: AwsKit, capsys: pytest.CaptureFixture[str]) -> None:
    asked(kit, PUT_CONFIG, capsys)

    def looks(ask: Ask = RESOLVE) -> list[tuple[str, str]]:
        (line,) = asked(kit, ask, capsys)
        told = [each for each in measurements(line) if each.name.endswith("cache_lookups_total")]
        assert all(each.values == (1.0,) for each in told)
        return [one for each in told for one in each.dimensions]

    seen = [looks(), looks()]
    kit.clock.step(6)
    seen.append(looks())
    assert seen == [[("l1", "miss")], [("l1", "hit")], [("l1", "stale")]], "there is no shared cache"
    assert looks(Ask("GET", CONFIG)) == looks(Ask("GET", f"{RESOLVE.url}&as_of=1")) == []


class Gone:
    """A Valkey that does not answer."""

    def execute_command(self, *command: Any) -> Any:
        raise NoConnection("gone")


def test_looks_into_the_shared_cache_tell_when_it_does_not_answer(
    kit: AwsKit, capsys: pytest.CaptureFixture[str]
) -> None:
    asked(kit, PUT_CONFIG, capsys)
    prefix, gone = new_prefix(), ValkeySharedLayers(Gone(), kit.clock, "test")  # type: ignore[arg-type]

    def look(shared: ValkeySharedLayers | None = None) -> tuple[str, str, str]:
        container = kit.another_container()
        container.factories["shared_layers"] = lambda: shared or ValkeySharedLayers(connected(), kit.clock, prefix)
        (line,) = asked(container, RESOLVE, capsys)
        check_bounded(measurements(line), OPERATIONS)
        told = json.loads(line)
        return told["cache_level"], told["l1"], told["l2"]

    assert [look(), look()] == [("store", "miss", "miss"), ("l2", "miss", "hit")]
    assert [look(gone), look(gone)] == [("store", "miss", "open")] * 2, "the second does not even try"


def test_every_call_of_the_key_service_has_its_seconds(kit: AwsKit, capsys: pytest.CaptureFixture[str]) -> None:
    (made,) = metric(asked(kit, NEW_TENANT, capsys), "vault_latency_seconds")
    assert len(made) == sum(
        times for call, times in CASES["create_tenant"]["a free name"].calls.items() if "kms:" in call
    )
    assert all(0 < seconds < 10 for seconds in made)
    asked(kit, PUT_SECRET, capsys)
    container = kit.another_container()
    assert [len(values) for values in metric(asked(container, GET_SECRET, capsys), "vault_latency_seconds")] == [1]
    assert metric(asked(container, GET_SECRET, capsys), "vault_latency_seconds") == []


def test_a_call_of_the_key_service_that_failed_has_its_seconds_too(
    kit: AwsKit, capsys: pytest.CaptureFixture[str]
) -> None:
    def silent(call: Any) -> Any:
        raise ReadTimeoutError(endpoint_url="kms")

    asked(kit, PUT_SECRET, capsys)
    kit.account.faults["kms:Decrypt"] = silent
    (line,) = asked(kit.another_container(), GET_SECRET, capsys)
    told = json.loads(line)
    assert (told["status"], told["level"], told["kind"]) == ("failed", "WARNING", "unavailable")
    assert len(told["vault_latency_seconds"]) == 1


def test_more_calls_of_the_key_service_than_a_document_may_hold_are_told_as_far_as_it_may() -> None:
    seen = Observation(GET_CONFIG, "request-1")
    for _ in range(150):
        waited_for_keys(0.1)
    assert seen.line(200)["vault_latency_seconds"] == [0.1] * 100
    assert "vault_latency_seconds" not in Observation(GET_CONFIG, "request-2").line(200)
