"""CloudWatch's embedded metric format, read as CloudWatch reads it: a reader of its own, written from the specification
(Specification: Embedded metric format, "Embedded metric format document structure") and not from what we write.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MAX_EVENT_BYTES = 256 * 1024
_SIZES = (
    "Bytes",
    "Kilobytes",
    "Megabytes",
    "Gigabytes",
    "Terabytes",
    "Bits",
    "Kilobits",
    "Megabits",
    "Gigabits",
    "Terabits",
)
_RATES = tuple(f"{size}/Second" for size in (*_SIZES, "Count"))
UNITS = {"Seconds", "Microseconds", "Milliseconds", "Percent", "Count", "None", *_SIZES, *_RATES}
"""MetricDatum's units (CloudWatch API reference)."""


@dataclass(frozen=True)
class Measurement:
    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]
    unit: str
    values: tuple[float, ...]


def measurements(event: str) -> list[Measurement]:
    """What CloudWatch takes out of one log event. Raises AssertionError, naming the rule that it breaks."""
    assert len(event.encode()) <= MAX_EVENT_BYTES, "an event is at most 256 KB"
    root = json.loads(event)
    assert isinstance(root, dict), "the root node is an object"
    metadata = root["_aws"]
    assert set(metadata) == {"Timestamp", "CloudWatchMetrics"}, "the metadata object has these members"
    assert type(metadata["Timestamp"]) is int and metadata["Timestamp"] > 10**12, "milliseconds since 1970"
    assert isinstance(metadata["CloudWatchMetrics"], list), "metric directives are a list"
    return [found for directive in metadata["CloudWatchMetrics"] for found in _of_directive(directive, root)]


def _of_directive(directive: Any, root: dict[str, Any]) -> Iterator[Measurement]:
    assert set(directive) == {"Namespace", "Dimensions", "Metrics"}, "a metric directive has these members"
    assert isinstance(directive["Namespace"], str) and 0 < len(directive["Namespace"]) <= 1024
    assert directive["Dimensions"] and 0 < len(directive["Metrics"]) <= 100, "at most 100 metrics a directive"
    for metric in directive["Metrics"]:
        assert {"Name"} <= set(metric) <= {"Name", "Unit", "StorageResolution"}, "a metric definition has these members"
        assert 0 < len(metric["Name"]) <= 1024
        assert metric.get("Unit", "None") in UNITS
        for dimensions in directive["Dimensions"]:
            target = tuple((name, _dimension(name, root)) for name in dimensions)
            assert len(target) <= 30, "at most 30 dimensions"
            values = _values(root[metric["Name"]])
            yield Measurement(directive["Namespace"], metric["Name"], target, metric.get("Unit", "None"), values)


def _dimension(name: str, root: dict[str, Any]) -> str:
    value = root[name]
    assert isinstance(value, str) and 0 < len(value) <= 1024, "a dimension's target is a text of the root node"
    return value


def _values(target: Any) -> tuple[float, ...]:
    values = target if isinstance(target, list) else [target]
    assert len(values) <= 100, "at most 100 values a metric"
    assert all(type(value) in (int, float) for value in values), "a metric's target is a number or numbers"
    return tuple(float(value) for value in values)
