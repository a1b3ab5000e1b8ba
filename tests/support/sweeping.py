"""A home whose journal is swept by hand, in either family, and what a consumer does while its mark is watched."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from llm_config.operations.events.publish_changes import PUBLISH_CHANGES
from llm_config.operations.events.sweep_journal import SWEEP_JOURNAL
from llm_config.operations.operation import Task
from llm_config.runtime.consumer import stream
from llm_config.runtime.ticks import schedule
from llm_config_domain.lines import FIRST, Line, LineKind, LineRow, Mark
from llm_config_domain.names import TenantId
from tests.support.families import FAMILIES, HomeUnderTest

CONSUMER = PUBLISH_CHANGES.name
OLD_SECONDS = 61
"""After so long a change is no longer left to the stream."""


@contextmanager
def home_of(family: str, directory: Path) -> Iterator[HomeUnderTest]:
    with FAMILIES[family](directory, lambda: "") as home:
        yield home


def sweep(home: HomeUnderTest, row: Task = SWEEP_JOURNAL) -> bool:
    """One walk: whether it could be performed."""
    return schedule(row, home.provide)({}, None)["ran"]


def put(home: HomeUnderTest, tenant: TenantId, number: int, namespace: str = "gateway") -> None:
    url = f"/api/v1/configs/{namespace}/key-{number}?environment=production"
    assert home.kit.call("PUT", url, {"value": number}, token=home.kit.token(tenant, "operator")).status < 300


def rows(home: HomeUnderTest, line: Line) -> list[LineRow]:
    return list(home.provide("journal_lines").rows(line, FIRST, 100_000))


def configs(tenant: TenantId, namespace: str = "gateway") -> Line:
    return Line(tenant, LineKind.CONFIGS, namespace)


def mark(home: HomeUnderTest, line: Line, consumer: str = CONSUMER) -> Mark:
    marks: dict[Line, Mark] = dict(home.provide("journal_marks").of(consumer, line.tenant))
    return marks.get(line, Mark())


def bring(home: HomeUnderTest, line: Line, *wanted: LineRow) -> list[str]:
    """The stream brings these rows to the one that publishes: what it names as failed."""
    partition = "#".join(["T", line.tenant, line.kind, *([line.namespace] if line.namespace else [])])
    answer = stream(PUBLISH_CHANGES, home.provide)({"Records": [record(partition, one) for one in wanted]}, None)
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def record(partition: str, row: LineRow) -> dict[str, Any]:
    place = f"{row.place.revision:010}#{row.place.ordinal:02}"
    told = {
        "SequenceNumber": place,
        "Keys": {"pk": {"S": partition}, "sk": {"S": place}},
        "NewImage": {"entry": {"S": row.entry}, "rest": {"N": str(row.rest)}},
    }
    return {"eventName": "INSERT", "dynamodb": told}


def ids(found: list[LineRow]) -> list[str]:
    return [json.loads(row.entry)["id"] for row in found]


def told_of(events: list[Any], line: Line) -> list[str]:
    """The ids of the events of one line of configs, in the order in which the bus took them."""
    return [
        event["id"]
        for event in events
        if (event["data"]["tenant_id"], event["data"]["namespace"]) == (line.tenant, line.namespace)
    ]
