"""What the stacks are together: small, in their order, with a dashboard and a layer for users."""

import json
from pathlib import Path

from llm_config.adapters.log_stream import metrics
from llm_config.operations.catalog import OPERATIONS
from tests.support.templates import Templates

BELOW = 400
ONE_DAY = 80
"""Operations that the product will have, one day."""


def test_the_dashboard_has_its_panels_and_asks_no_more_logs_than_it_may(whole: Templates) -> None:
    (dashboard,) = whole.properties("AWS::CloudWatch::Dashboard")
    panels = [widget["properties"] for widget in json.loads(dashboard["DashboardBody"])["widgets"]]
    titles = " | ".join(panel["title"] for panel in panels)
    for wanted in ("Requests a minute", "Errors, %", "p50, p95, p99", "from memory", "Top tenants"):
        assert wanted in titles
    (query,) = [panel["query"] for panel in panels if "query" in panel]
    assert query.count("SOURCE") <= 50


def test_the_metrics_it_shows_are_those_that_requests_tell(whole: Templates) -> None:
    (dashboard,) = whole.properties("AWS::CloudWatch::Dashboard")
    shown = {
        metric[1]
        for widget in json.loads(dashboard["DashboardBody"])["widgets"]
        for metric in widget["properties"].get("metrics", [])
        if metric[0] == whole.prefix
    }
    of_caches = {metrics.HITS, metrics.LOOKS, metrics.SHARED_LOOKS}
    assert shown == {metrics.OPERATIONS, metrics.VAULT, metrics.SECRETS} | of_caches
    told = {one["Environment"]["Variables"]["LLM_CONFIG_METRICS"] for one in whole.functions().values()}
    assert told == {whole.prefix}


def test_reads_that_the_audit_lost_wake_somebody_where_there_is_an_audit(dev: Templates, whole: Templates) -> None:
    alarms = {one["AlarmName"]: one for one in whole.properties("AWS::CloudWatch::Alarm")}
    lost = alarms[f"{whole.prefix}-lost-accesses"]
    (measured,) = lost["Metrics"]
    assert measured["MetricStat"]["Metric"] == {
        "Namespace": whole.prefix,
        "MetricName": "lost_accesses_total",
        "Dimensions": [{"Name": "operation", "Value": "sweep_audit"}],
    }
    assert (lost["Threshold"], lost["ComparisonOperator"]) == (0, "GreaterThanThreshold") and lost["AlarmActions"]
    assert not [one for one in dev.properties("AWS::CloudWatch::Alarm") if one["AlarmName"].endswith("lost-accesses")]


def test_users_functions_find_the_sdk_as_a_layer(whole: Templates) -> None:
    ((_, layer),) = whole.stacks["client"].items()
    assert (layer["Type"], layer["DeletionPolicy"]) == ("AWS::Lambda::LayerVersion", "Retain")


def test_stacks_hang_together_by_what_no_name_tells(assembly: Path) -> None:
    """An export that another stack uses cannot be changed: layers, functions and tables are none. Keys, both APIs, the
    network and the database have ids of their own; the stream's ARN ends with a moment."""
    templates = [json.loads(path.read_text()) for path in assembly.glob("llm-config-whole-*.template.json")]
    outputs = [name for template in templates for name, told in template.get("Outputs", {}).items() if "Export" in told]
    shared = ("FnGetAttaudit", "FnGetAttaudit", "FnGetAttcache", "FnGetAttinside", "FnGetAttjournal", "FnGetAttplatform",
              "FnGetAttreceipts", "FnGetAttshared", "FnGetAtttokens", "Refapi", "Refapi", "Refvpcinside",
              "Refvpcinside", "Refvpcoutward", "Refvpcoutward")  # fmt: skip
    assert len(outputs) == len(shared)
    assert all(name.startswith(f"ExportsOutput{one}") for name, one in zip(sorted(outputs), shared, strict=True))


def test_stacks_stay_small_and_would_with_twice_the_operations(whole: Templates) -> None:
    growth = ONE_DAY / len(OPERATIONS)
    for name, resources in whole.stacks.items():
        by_catalog = name == "api" or name.startswith("functions-")
        one_day = len(resources) * (growth if by_catalog else 1)
        assert one_day < BELOW, f"{name} would have {one_day:.0f} resources with {ONE_DAY} operations"
