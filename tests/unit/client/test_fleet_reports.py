"""What a program tells the fleet's view, and when."""

import asyncio
import json
from itertools import islice
from typing import Any

import pytest

from llm_config_client.core import Answer
from llm_config_client.errors import Misconfigured
from llm_config_client.fleet_reports import Reporter, own_instance
from llm_config_contract.configs import Changes
from llm_config_domain.errors import Unavailable
from llm_config_domain.fleet import check_instance
from tests.unit.client.answering import Answering, answered, refused
from tests.unit.client.test_watches import document


class Clock:
    at = 0.0

    def __call__(self) -> float:
        return self.at


def page(**reached: int) -> Answer[Changes]:
    return Answer(Changes(changes=[], next="t", reached=reached), "", {})


def told(reports: Any) -> list[list[tuple[str, int]]]:
    bodies = [json.loads(report.content) for report in reports]
    return [[(item["namespace"], item["revision"]) for item in body["items"]] for body in bodies]


def test_it_is_told_at_once_then_when_it_moves_then_before_the_minute_is_over() -> None:
    clock = Clock()
    reporter = Reporter("gateway", "i-1", "production", clock)
    assert reporter.heard(None) == [], "nothing is held yet"
    (first,) = reporter.heard(page(app=3))
    assert json.loads(first.content or b"") == {
        "service": "gateway", "instance": "i-1",
        "items": [{"namespace": "app", "environment": "production", "revision": 3}],
    }  # fmt: skip
    assert reporter.heard(page(app=4, other=1)) == [], "not twice in a second"
    clock.at = 1.0
    assert told(reporter.heard(None)) == [[("app", 4), ("other", 1)]]
    clock.at = 50.0
    assert reporter.heard(None) == []
    clock.at = 51.0
    assert told(reporter.heard(None)) == [[("app", 4), ("other", 1)]]


def test_many_namespaces_are_several_reports() -> None:
    reports = Reporter("gateway", None, "edge", Clock()).heard(page(**{f"n{number}": 1 for number in range(120)}))
    assert [len(one) for one in told(reports)] == [50, 50, 20]


def test_a_program_has_an_id_of_its_own() -> None:
    assert check_instance(own_instance()) == own_instance()


def test_a_service_names_its_environment() -> None:
    with pytest.raises(Misconfigured):
        next(Answering(answered(document("t1", 1))).client().watch("app", service="gateway"))


def test_a_watch_reports_a_page_once_its_program_is_done_with_it() -> None:
    server = Answering(answered(document("t1", 1)), answered({"report_again_seconds": 60}), answered(document("t2", 2)))
    watching = server.client().watch("app", environment="edge", service="gateway", instance="i-1")
    next(watching)
    assert len(server.requests) == 1
    assert next(watching).changes[0].revision == 2
    report = json.loads(server.requests[1].content)
    assert (report["instance"], report["items"][0]["revision"]) == ("i-1", 1)


def test_a_report_that_fails_does_not_end_the_watch() -> None:
    async def watch() -> list[int]:
        server = Answering(answered(document("t1", 1)), refused(Unavailable()), answered(document("t2", 2)))
        found: list[int] = []
        async with server.async_client(attempts=1) as client:
            async for heard in client.watch("app", environment="edge", service="gateway"):
                found.append(heard.changes[0].revision)
                if len(found) == 2:
                    break
        return found

    assert asyncio.run(watch()) == [1, 2]
    failing = Answering(answered(document("t1", 1)), refused(Unavailable()), answered(document("t2", 2)))
    watching = failing.client(attempts=1).watch("app", environment="edge", service="gateway")
    assert [heard.changes[0].revision for heard in islice(watching, 2)] == [1, 2]
