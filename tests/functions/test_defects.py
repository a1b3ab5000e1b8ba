"""When we are wrong ourselves: the answer says so and no more, and the log tells the place but not the value."""

import json

import pytest

from llm_config.operations.configs.get_config import GET_CONFIG
from llm_config.runtime import wiring
from llm_config.runtime.endpoint import endpoint
from tests.support.homes import EmbeddedKit

CANARY = "sk-canary-in-an-exception"


class Defective:
    def entry(self, *asked: object) -> None:
        raise RuntimeError(CANARY)


def test_an_unforeseen_error_is_told_by_type_and_place_only(
    home: EmbeddedKit, capsys: pytest.CaptureFixture[str]
) -> None:
    home.factories["config_reader"] = Defective
    token = home.token(home.tenant("acme"), "operator")
    reply = home.call("GET", f"/api/v1/configs/team/{CANARY}?environment=edge", token=token)
    assert (reply.status, reply.json["kind"], reply.json["retryable"]) == (500, "internal", False)
    logged = capsys.readouterr().err
    assert CANARY not in reply.text + logged
    line = json.loads(logged)
    assert (line["error"], line["operation"], line["request_id"]) == ("RuntimeError", "get_config", "test-request")
    assert any("get_config.py" in place for place in line["place"])


def test_a_body_that_is_not_base64_though_the_event_says_so_is_malformed(home: EmbeddedKit) -> None:
    token = home.token(home.tenant("acme"), "operator")
    event = {
        "rawPath": "/api/v1/configs/a/b",
        "headers": {"authorization": f"Bearer {token}"},
        "pathParameters": {"path": "a/b"},
        "queryStringParameters": {"environment": "edge"},
        "body": "***",
        "isBase64Encoded": True,
    }
    assert endpoint(GET_CONFIG, home.provide)(event, None)["statusCode"] == 400


def test_an_event_without_headers_or_context_is_still_answered(home: EmbeddedKit) -> None:
    reply = endpoint(GET_CONFIG, home.provide)({}, None)
    assert (reply["statusCode"], reply["headers"]["X-Request-Id"]) == (401, "unknown")


def test_a_port_is_opened_at_its_first_call_and_not_before() -> None:
    opened: list[str] = []

    class Probe:
        def check(self) -> None:
            opened.append("called")

    def factory() -> Probe:
        opened.append("made")
        return Probe()

    wiring.use({"health_probe": factory})
    probe = wiring.provide("health_probe")
    assert opened == []
    probe.check()
    wiring.provide("health_probe").check()
    assert opened == ["made", "called", "called"]
    with pytest.raises(KeyError):
        wiring.provide("nothing")
