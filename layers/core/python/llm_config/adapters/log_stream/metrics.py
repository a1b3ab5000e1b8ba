"""The metrics of a request, inside its line: CloudWatch's embedded metric format, so that nothing is told twice.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
Every dimension has few values: an operation, a status, a level of cache. A key, a path or a tenant never is one.
"""

from collections.abc import Mapping
from typing import Any

NAMESPACE = "llm_config"
OPERATIONS, DURATION = "config_operations_total", "config_operation_duration_seconds"
SECRETS, HITS, VAULT = "secret_access_total", "cache_hit_ratio", "vault_latency_seconds"
_BY_OPERATION = [["operation"]]


def _directive(name: str, dimensions: list[list[str]], unit: str) -> dict[str, Any]:
    return {"Namespace": NAMESPACE, "Dimensions": dimensions, "Metrics": [{"Name": name, "Unit": unit}]}


_ALWAYS = [
    _directive(OPERATIONS, [["status"], ["operation", "status", "cache_level"]], "Count"),
    _directive(DURATION, [["status"], ["operation"]], "Seconds"),
]
_SECRETS = _directive(SECRETS, _BY_OPERATION, "Count")
_VAULT = _directive(VAULT, _BY_OPERATION, "Seconds")
_HITS = _directive(HITS, [["layer"]], "None")


def measured(line: Mapping[str, Any], milliseconds: int) -> dict[str, Any]:
    """`line` with its metrics. `milliseconds` since 1970 is when they were measured.

    `secret_access_total` and `vault_latency_seconds` (one number a call of KMS) are members of the line where there is
    something to tell; `cache_hit_ratio` is 1 or 0, and its average over requests is the ratio.
    """
    told = {**line, OPERATIONS: 1, DURATION: round(line["duration_ms"] / 1000, 6)}
    directives = list(_ALWAYS)
    if line["cache_level"] != "none":
        told |= {HITS: int(line["cache_level"] == "l1"), "layer": "l1"}
        directives.append(_HITS)
    directives += [directive for name, directive in ((SECRETS, _SECRETS), (VAULT, _VAULT)) if name in line]
    told["_aws"] = {"Timestamp": milliseconds, "CloudWatchMetrics": directives}
    return told
