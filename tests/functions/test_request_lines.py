"""What one request leaves in the log: exactly one line, to the letter."""

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from llm_config.adapters.log_stream.lines import LogStreamLines, access_in
from llm_config.operations.configs.get_config import GET_CONFIG
from llm_config.runtime.endpoint import endpoint
from llm_config.runtime.observability import Observation
from llm_config_domain.errors import Broken as BrokenState
from llm_config_domain.errors import Contended, NotFound, Refusal, Unavailable
from llm_config_domain.names import PLATFORM, TenantId
from tests.support.asks import (
    ACME,
    CONFIG,
    PUT_CONFIG,
    Ask,
)
from tests.support.aws import AwsKit, on_aws
from tests.support.golden import CountingIdentifiers, StandingClock
from tests.support.homes import EmbeddedKit

NOON = 1767323045.678
TRACE = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture
def kit(tmp_path: Path) -> Iterator[AwsKit]:
    with on_aws(tmp_path) as kit:
        kit.tenant("acme", ACME)
        yield kit


@pytest.fixture
def standing(kit: AwsKit) -> AwsKit:
    """A container whose time stands still and whose ids count up."""
    container = kit.another_container()
    container.factories |= {"clock": StandingClock, "identifiers": CountingIdentifiers}
    lines = LogStreamLines("01HZZZZZZZZZZZZZZZZZ000000", now=lambda: NOON)
    container.factories |= {"access_log": lambda: lines, "request_log": lambda: lines}
    return container


def event(kit: AwsKit, role: str, **headers: str) -> dict[str, Any]:
    told = {"authorization": f"Bearer {kit.token(ACME, role)}", **headers}
    return {
        "rawPath": "/api/v1/configs/gateway/primary",
        "headers": told,
        "pathParameters": {"path": "gateway/primary"},
        "queryStringParameters": {"environment": "production"},
        "requestContext": {"requestId": "request-1", "http": {"sourceIp": "127.0.0.1"}},
    }


def line_of(kit: AwsKit, sent: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> str:
    ticks = count(step=0.0125)
    capsys.readouterr()
    endpoint(GET_CONFIG, kit.provide, timer=lambda: next(ticks))(sent, None)
    (line,) = capsys.readouterr().out.splitlines()
    return line


METRICS = (
    '"config_operations_total":1,"config_operation_duration_seconds":0.012500,'
    '"_aws":{"Timestamp":1767323045678,"CloudWatchMetrics":['
    '{"Namespace":"llm_config","Dimensions":[["status"],["operation","status","cache_level"]],'
    '"Metrics":[{"Name":"config_operations_total","Unit":"Count"}]},'
    '{"Namespace":"llm_config","Dimensions":[["status"],["operation"]],'
    '"Metrics":[{"Name":"config_operation_duration_seconds","Unit":"Seconds"}]}]}'
)


def test_the_line_of_a_success(kit: AwsKit, standing: AwsKit, capsys: pytest.CaptureFixture[str]) -> None:
    kit.call(PUT_CONFIG.method, PUT_CONFIG.url, {"value": 1}, token=kit.token(ACME, "operator"))
    traced = {"X-Correlation-Id": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "Traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
    line = line_of(standing, event(standing, "viewer", **traced), capsys)
    assert line == (
        '{"level":"INFO","request_id":"request-1","correlation_id":"01ARZ3NDEKTSV4RRFFQ69G5FAV",'
        f'"trace_id":"{TRACE}","tenant":"{ACME}","operation":"get_config","status":"success","http_status":200,'
        '"decision":"allow","cache_level":"none","revision":1,"duration_ms":12.5,'
        '"access":{"id":"01HZZZZZZZZZZZZZZZZZ000001","at":"2026-01-02T03:04:05.678Z","event_type":"config.read",'
        '"severity":"info","actor":{"id":"user:local","type":"user","roles":["viewer"]},"action":"configs:read",'
        '"resource":{"type":"configs","id":"gateway/primary","environment":"production"},'
        '"result":{"status":"success","latency_ms":0},"metadata":{"version":1}},'
        f'"container":"01HZZZZZZZZZZZZZZZZZ000000","sequence":1,{METRICS}}}'
    )


def test_the_line_of_a_refusal(standing: AwsKit, capsys: pytest.CaptureFixture[str]) -> None:
    """A denial is in the journal before it is told, so its line carries no access."""
    line = line_of(standing, event(standing, "nobody"), capsys)
    assert line == (
        f'{{"level":"INFO","request_id":"request-1","tenant":"{ACME}","operation":"get_config","status":"denied",'
        '"http_status":403,"decision":"deny","cache_level":"none","kind":"permission_denied","duration_ms":12.5,'
        f"{METRICS}}}"
    )


def test_the_line_of_an_unexpected_error(standing: AwsKit, capsys: pytest.CaptureFixture[str]) -> None:
    class Defective:
        def entry(self, *asked: object) -> None:
            raise RuntimeError("sk-canary")

    standing.factories["config_reader"] = Defective
    line = line_of(standing, event(standing, "viewer"), capsys)
    told = json.loads(line)
    place = json.dumps(told.pop("place"), separators=(",", ":"))
    assert line == (
        f'{{"level":"ERROR","request_id":"request-1","tenant":"{ACME}","operation":"get_config","status":"failed",'
        '"http_status":500,"decision":"none","cache_level":"none","kind":"internal","error":"RuntimeError",'
        f'"place":{place},"duration_ms":12.5,{METRICS}}}'
    )
    assert place.endswith(' entry"]') and "get_config.py" in place


@pytest.mark.parametrize(
    ("headers", "ids"),
    [
        pytest.param({"x-correlation-id": "8f14e45f-ceea-467f-a0e6-5a1c2b3d4e5f"}, {"correlation_id"}, id="a UUID"),
        pytest.param({"x-correlation-id": "sk-a-key-in-the-wrong-header"}, set(), id="no id"),
        pytest.param({"x-correlation-id": "x" * 26 + "\n"}, set(), id="no ULID"),
        pytest.param({"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}, {"trace_id"}, id="a trace"),
        pytest.param({"traceparent": f"00-{TRACE.upper()}-b7ad6b7169203331-01"}, set(), id="no trace: capitals"),
        pytest.param({"traceparent": "secret"}, set(), id="no trace"),
        pytest.param({"traceparent": f"00-{'0' * 32}-b7ad6b7169203331-01"}, set(), id="no trace: zeros"),
        pytest.param({"traceparent": f"ff-{TRACE}-b7ad6b7169203331-01"}, set(), id="no trace: version ff"),
    ],
)
def test_only_what_is_an_id_is_taken_over(
    standing: AwsKit, headers: dict[str, str], ids: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    told = json.loads(line_of(standing, event(standing, "viewer", **headers), capsys))
    assert set(told) & {"correlation_id", "trace_id"} == ids


def test_without_a_callers_trace_it_is_the_functions_own(
    standing: AwsKit, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    xray = "Root=1-67891233-abcdef012345678912345678;Parent=463ac35c9f6413ad;Sampled=1"
    monkeypatch.setenv("_X_AMZN_TRACE_ID", xray)
    told = json.loads(line_of(standing, event(standing, "viewer"), capsys))
    assert told["trace_id"] == "67891233abcdef012345678912345678"


def asked(kit: AwsKit, ask: Ask, capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    kit.call(ask.method, ask.url, ask.body, token=kit.token(ask.by, ask.role), headers=ask.headers)
    return capsys.readouterr().out.splitlines()


def test_a_refused_credential_is_recorded_with_the_platform_by_the_requests_own_line(
    kit: AwsKit, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert kit.call("GET", CONFIG, token="no token").status == 401
    (line,) = capsys.readouterr().out.splitlines()
    told = json.loads(line)
    assert (told["status"], told["decision"], "tenant" in told) == ("denied", "none", False)
    access = access_in(told)
    assert access and (access.entry.tenant, access.entry.event_type) == (PLATFORM, "authentication.failed")


def test_a_request_that_cannot_be_read_is_nobodys_decision_and_its_tenants(
    kit: AwsKit, capsys: pytest.CaptureFixture[str]
) -> None:
    (line,) = asked(kit, Ask("GET", CONFIG.partition("?")[0]), capsys)
    told = json.loads(line)
    assert (told["http_status"], told["tenant"], told["status"], told["decision"]) == (400, ACME, "refused", "none")


@pytest.mark.parametrize(
    ("refusal", "level"),
    [(NotFound(), "INFO"), (Contended(), "WARNING"), (Unavailable(), "WARNING"), (BrokenState(), "ERROR")],
)
def test_the_level_says_whose_matter_it_is(refusal: Refusal, level: str) -> None:
    seen = Observation(GET_CONFIG, "request-1")
    seen.refused(refusal)
    assert seen.line(500)["level"] == level


def test_another_tenants_name_is_a_denial_in_the_log_though_the_caller_hears_that_it_is_absent(
    kit: AwsKit, capsys: pytest.CaptureFixture[str]
) -> None:
    (line,) = asked(kit, Ask("GET", f"/api/v1/tenants/{PLATFORM}", status=404), capsys)
    told = json.loads(line)
    assert (told["http_status"], told["kind"], told["status"], told["decision"]) == (404, "not_found", "denied", "deny")


def test_without_metrics_the_line_is_the_same_but_for_them(
    kit: AwsKit, standing: AwsKit, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = json.loads(line_of(standing, event(standing, "nobody"), capsys))
    plain = LogStreamLines("container", metrics="")
    standing.factories |= {"access_log": lambda: plain, "request_log": lambda: plain}
    standing.forget()
    told = json.loads(line_of(standing, event(standing, "nobody"), capsys))
    assert set(whole) - set(told) == {"config_operations_total", "config_operation_duration_seconds", "_aws"}
    assert told.items() <= whole.items()


class Broken:
    def write(self, line: Any) -> None:
        raise RuntimeError("a log that breaks its promise")


def test_a_log_that_fails_fails_no_request(kit: AwsKit) -> None:
    kit.factories["request_log"] = Broken
    kit.forget()
    assert kit.call(PUT_CONFIG.method, PUT_CONFIG.url, {"value": 1}, token=kit.token(ACME, "operator")).status == 201


@pytest.mark.parametrize(
    ("level", "statuses"),
    [
        pytest.param("INFO", [200, 404, 503, 500], id="INFO: all"),
        pytest.param("WARNING", [503, 500], id="WARNING: outages and defects"),
        pytest.param("ERROR", [500], id="ERROR: defects"),
    ],
)
def test_at_home_the_log_level_says_which_requests_have_their_line(
    home: EmbeddedKit,
    level: str,
    statuses: list[int],
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    token = home.token(home.tenant("acme", TenantId(ACME)), "operator")
    url = "/api/v1/secrets/keys/main?environment=production"
    home.call("PUT", url, {"type": "generic", "value": 1}, token=token)
    with caplog.at_level(level):
        home.call("GET", url, token=token)
        home.call("GET", url.replace("main", "none"), token=token)
        for failing in (Down, Broken):
            home.factories["secret_reader"] = failing
            home.forget()
            home.call("GET", url, token=token)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["http_status"] for line in lines] == statuses
    assert all("_aws" not in line and line["at"].endswith("Z") for line in lines)


class Down:
    def entry(self, *asked: object) -> None:
        raise Unavailable
