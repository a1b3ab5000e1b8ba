"""The metrics of a request, inside its line: CloudWatch's embedded metric format, so that nothing is told twice.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
Every dimension has few values: an operation, a status, a level of cache. A key, a path or a tenant never is one.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

NAMESPACE = "llm_config"
"""Where nobody names another: the stages of one account want one each."""
OPERATIONS, DURATION = "config_operations_total", "config_operation_duration_seconds"
SECRETS, HITS, VAULT = "secret_access_total", "cache_hit_ratio", "vault_latency_seconds"
LOOKS, SHARED_LOOKS, LOST = "cache_lookups_total", "shared_cache_lookups_total", "lost_accesses_total"
_DIMENSIONS = {
    OPERATIONS: [["status"], ["operation", "status", "cache_level"]],
    DURATION: [["status"], ["operation"]],
    SECRETS: [["operation"]],
    HITS: [["layer"]],
    LOOKS: [["l1"]],
    SHARED_LOOKS: [["l2"]],
    VAULT: [["operation"]],
    LOST: [["operation"]],
}
_UNITS = {
    OPERATIONS: "Count",
    DURATION: "Seconds",
    SECRETS: "Count",
    HITS: "None",
    LOOKS: "Count",
    SHARED_LOOKS: "Count",
    VAULT: "Seconds",
    LOST: "Count",
}


def metrics_of(line: Mapping[str, Any], milliseconds: int, namespace: str = NAMESPACE) -> str:
    """The members that make a metric document of `line`, as JSON text. `milliseconds` since 1970: when it was measured.

    `secret_access_total`, `vault_latency_seconds` (one number a call of KMS) and `lost_accesses_total` are members of the
    line where there is something to tell; `cache_hit_ratio` is 1 or 0, and its average over requests is the ratio.
    `l1` and `l2` are members where these caches were looked into.
    """
    cached = line["cache_level"] != "none"
    hit = f'"{HITS}":{int(line["cache_level"] == "l1")},"layer":"l1",' if cached else ""
    looks = [name for name, layer in ((LOOKS, "l1"), (SHARED_LOOKS, "l2")) if layer in line]
    counted = "".join(f'"{name}":1,' for name in looks)
    told = (name for name in (SECRETS, VAULT, LOST) if name in line)
    measured = (OPERATIONS, DURATION, *([HITS] if cached else []), *looks, *told)
    return (
        f'"{OPERATIONS}":1,"{DURATION}":{line["duration_ms"] / 1000:.6f},{hit}{counted}'
        f'"_aws":{{"Timestamp":{milliseconds},"CloudWatchMetrics":{_directives(namespace, measured)}}}'
    )


@cache
def _directives(namespace: str, names: tuple[str, ...]) -> str:
    """Written once: it is the largest part of a line, and one of a few."""
    directives = [
        {
            "Namespace": namespace,
            "Dimensions": _DIMENSIONS[name],
            "Metrics": [{"Name": name, "Unit": _UNITS[name]}],
        }
        for name in names
    ]
    return json.dumps(directives, separators=(",", ":"))
