"""Traces go to a collector that the deployment names: all that failed or was slow, and a share of the rest."""

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from llm_config.operations.configs.resolve_config import RESOLVE_CONFIG
from llm_config.runtime.endpoint import endpoint
from llm_config.runtime.tracing import Spans
from llm_config_domain.errors import Unavailable
from tests.support.asks import ACME, CONFIG, GET_SECRET, PUT_CONFIG, PUT_SECRET, RESOLVED, Ask
from tests.support.aws import AwsKit, on_aws
from tests.support.collecting import Collected, collecting

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.fixture
def kit(tmp_path: Path) -> Iterator[AwsKit]:
    with on_aws(tmp_path) as kit:
        kit.tenant("acme", ACME)
        yield kit


@pytest.fixture
def collected() -> Iterator[Collected]:
    with collecting() as collected:
        yield collected


@pytest.fixture
def of_none(kit: AwsKit) -> Iterator[Collected]:
    """Nothing is slow, and of what did not fail nothing is kept."""
    kit.timer = lambda: 0.0
    with collecting("0") as collected:
        yield collected


class Down:
    def layers(self, *asked: object) -> None:
        raise Unavailable


def asked(kit: AwsKit, ask: Ask, **headers: str) -> int:
    return kit.call(ask.method, ask.url, ask.body, token=kit.token(ask.by, ask.role), headers=headers).status


def attributes(span: dict[str, Any]) -> dict[str, Any]:
    return {each["key"]: next(iter(each["value"].values())) for each in span["attributes"]}


def test_a_trace_is_the_request_and_the_calls_of_its_ports(kit: AwsKit, collected: Collected) -> None:
    asked(kit, PUT_CONFIG)
    collected.take()
    assert asked(kit, Ask("GET", RESOLVED), traceparent=f"00-{TRACE}-{PARENT}-01") == 200
    ((root, *calls),) = collected.traces()
    assert (root["traceId"], root["parentSpanId"], root["name"], root["kind"]) == (TRACE, PARENT, "http.request", 2)
    assert {call["parentSpanId"] for call in calls} == {root["spanId"]}
    assert {call["traceId"] for call in calls} == {TRACE}
    names = [call["name"] for call in calls]
    assert [name for name in names if name in ("cache.lookup", "config_reader.layers", "audit.log")] == [
        "cache.lookup",
        "config_reader.layers",
        "audit.log",
    ]
    told = attributes(root)
    assert (told["operation"], told["tenant"], told["status"], told["cache_level"]) == (
        "resolve_config",
        ACME,
        "success",
        "store",
    )
    assert (told["http_status"], told["decision"]) == ("200", "allow")


def test_the_collector_is_reached_as_its_variables_say(kit: AwsKit, collected: Collected) -> None:
    asked(kit, PUT_CONFIG)
    path, headers, _ = collected.sent[0]
    assert (path, headers["content-type"]) == ("/v1/traces", "application/json")
    assert (headers["x-token"], headers["x-team"]) == ("t", "ops")


def test_the_line_and_the_trace_have_one_id(
    kit: AwsKit, collected: Collected, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    asked(kit, PUT_CONFIG)
    (line,) = capsys.readouterr().out.splitlines()
    assert {span["traceId"] for span in collected.traces()[0]} == {json.loads(line)["trace_id"]}


def test_a_name_and_a_value_are_in_no_span(kit: AwsKit, collected: Collected) -> None:
    asked(kit, PUT_SECRET)
    assert asked(kit, GET_SECRET) == 200
    sent = collected.take()
    assert "unsealer.unseal" in sent and "audit.log" in sent
    assert not any(text in sent for text in ("sk-1", "keys/main", '"main"', "user:local"))


def test_what_failed_is_kept_and_so_is_the_call_that_failed(kit: AwsKit, of_none: Collected) -> None:
    asked(kit, PUT_CONFIG)
    assert of_none.sent == []
    kit.factories["config_reader"] = Down
    kit.forget()
    assert asked(kit, Ask("GET", RESOLVED)) == 503
    ((root, *calls),) = of_none.traces()
    assert root["status"] == {"code": 2} and attributes(root)["kind"] == "unavailable"
    assert [call["name"] for call in calls if "status" in call] == ["config_reader.layers"]


def test_a_refusal_is_no_failure(kit: AwsKit, of_none: Collected) -> None:
    assert asked(kit, Ask("GET", CONFIG)) == 404
    assert asked(kit, Ask("GET", CONFIG, role="nobody")) == 403
    assert of_none.sent == []


@pytest.mark.parametrize(("seconds", "kept"), [(0.0501, 1), (0.05, 0)], ids=["over 50 ms", "50 ms"])
def test_what_was_slow_is_kept(kit: AwsKit, of_none: Collected, seconds: float, kept: int) -> None:
    ticks = count(step=seconds)
    event = {"rawPath": "/api/v1/resolved/a/b", "headers": {}, "pathParameters": {"path": "a/b"}}
    endpoint(RESOLVE_CONFIG, kit.provide, timer=lambda: next(ticks))(event, None)
    assert len(of_none.sent) == kept


@pytest.mark.parametrize(("thrown", "kept"), [(0.0, 1), (0.0099, 1), (0.01, 0), (0.99, 0)])
def test_of_the_others_one_in_a_hundred_is_kept(
    collected: Collected, thrown: float, kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OTEL_TRACES_SAMPLER_ARG")
    line = {"status": "success", "http_status": 200, "duration_ms": 1.0, "trace_id": TRACE}
    Spans(lambda port: None, dice=lambda: thrown).end(line, None)
    assert len(collected.sent) == kept


def test_a_collector_that_is_down_fails_no_request_and_is_left_alone_for_a_while(
    kit: AwsKit, collected: Collected
) -> None:
    collected.status = 500
    assert [asked(kit, PUT_CONFIG), asked(kit, Ask("GET", CONFIG)), asked(kit, Ask("GET", CONFIG))] == [201, 200, 200]
    assert len(collected.sent) == 1


def test_a_collector_whose_address_is_none_fails_no_request(
    kit: AwsKit, collected: Collected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "file:///etc/passwd")
    assert asked(kit, PUT_CONFIG) == 201
    assert collected.sent == []
