"""One dashboard and the alarms that are about the whole product; each function's own are beside it.

Metrics are those of the requests' lines (in a namespace of the stage) and the gateway's. Panels and alarms of rotations and of
quotas come with the operations that tell of them. Throttled functions, the pool that can run dry here, are alarms of
the functions' own stacks.
"""

from typing import Any

from aws_cdk import Aws
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from llm_config.operations.audit.sweep_audit import SWEEP_AUDIT
from llm_config.operations.catalog import OPERATIONS
from llm_config_cdk.stack import StageStack
from llm_config_cdk.stacks.state import TABLES
from llm_config_cdk.stages import Stage

STATUSES = ("success", "refused", "denied", "failed")
MINUTE, FIVE_MINUTES = 60, 300
TELLING_AREAS = ("configs", "secrets")
"""Whose logs the panel of tenants reads: CloudWatch takes 50 groups a query, and nearly all requests are theirs."""
Metric = list[Any]


class ObservabilityStack(StageStack):
    def __init__(self, scope: Construct, stage: Stage, api_id: str) -> None:
        super().__init__(scope, stage, "observability")
        self._api_id = api_id
        self._topic = self.place.regional("sns", f"{stage.prefix}-alarms")
        cloudwatch.CfnDashboard(
            self,
            "dashboard",
            dashboard_name=stage.prefix,
            dashboard_body=self.to_json_string({"widgets": self._panels()}),
        )
        self._alarm("errors", "More than 5 % of requests fail: page somebody", _share(self.stage.prefix, "failed"), 5)
        self._alarm("denials", "More than 1 % of requests are denied", _share(self.stage.prefix, "denied"), 1)
        self._alarm(
            "hit-ratio",
            "Fewer than 80 % of reads come from memory",
            _hits(self.stage.prefix),
            0.8,
            below=True,
            periods=2,
        )
        self._alarm("store", "DynamoDB itself fails", self._store_errors(), 0)
        if stage.audit_database is not None:
            self._alarm("lost-accesses", "Reads are missing in the audit", _lost(stage.prefix), 0)

    def _panels(self) -> list[dict[str, Any]]:
        api = ["ApiId", self._api_id]
        gateway, own = "AWS/ApiGateway", self.stage.prefix
        panels = [
            _panel("Requests a minute", [[gateway, "Count", *api]], "Sum"),
            _panel("Answers by status", [[own, "config_operations_total", "status", name] for name in STATUSES], "Sum"),
            _panel("Errors, %", _drawn(_share(self.stage.prefix, "failed")), "Sum"),
            _panel("Latency, ms: p50, p95, p99", [
                [gateway, "Latency", *api, {"stat": quantile}] for quantile in ("p50", "p95", "p99")], "p99"),
            _panel("Reads from memory, %", _drawn(_hits(self.stage.prefix)), "Average"),
            _panel("Looks into caches", [
                *([own, "cache_lookups_total", "l1", told] for told in ("hit", "stale", "joined", "miss")),
                *([own, "shared_cache_lookups_total", "l2", told] for told in ("hit", "miss", "open"))], "Sum"),
            _panel("Waits for KMS, s: p95", [
                [own, "vault_latency_seconds", "operation", name] for name in ("get_secret", "put_secret")], "p95"),
            _panel("Secrets released", [
                [own, "secret_access_total", "operation", name] for name in ("get_secret", "resolve_config")], "Sum"),
        ]  # fmt: skip
        return [_placed(order, panel) for order, panel in enumerate([*panels, self._tenants()])]

    def _tenants(self) -> dict[str, Any]:
        groups = [
            f"SOURCE '/aws/lambda/{self.place.function(operation.name)}'"
            for operation in OPERATIONS
            if operation.area in TELLING_AREAS
        ]
        query = "filter ispresent(tenant) | stats count() as requests by tenant | sort requests desc | limit 10"
        told = {"title": "Top tenants", "region": self.region, "view": "table", "query": " | ".join([*groups, query])}
        return {"type": "log", "properties": told}

    def _store_errors(self) -> list[dict[str, Any]]:
        named = " OR ".join(f"TableName = '{self.place.table_prefix}{table}'" for table in TABLES)
        query = f'SELECT SUM(SystemErrors) FROM SCHEMA("AWS/DynamoDB", Operation, TableName) WHERE {named}'  # noqa: S608
        return [{"id": "failed", "expression": query, "period": FIVE_MINUTES, "returnData": True}]

    def _alarm(
        self,
        name: str,
        description: str,
        metrics: list[dict[str, Any]],
        threshold: float,
        *,
        below: bool = False,
        periods: int = 1,
    ) -> None:
        cloudwatch.CfnAlarm(
            self,
            name,
            alarm_name=f"{self.stage.prefix}-{name}",
            alarm_description=description,
            metrics=metrics,
            threshold=threshold,
            evaluation_periods=periods,
            comparison_operator="LessThanThreshold" if below else "GreaterThanThreshold",
            treat_missing_data="notBreaching",
            alarm_actions=[self._topic],
        )


def _share(namespace: str, status: str) -> list[dict[str, Any]]:
    """The requests of one status among all, in percent, as CloudWatch's alarms say it."""
    counts = [
        {
            "id": name,
            "returnData": False,
            "metricStat": _stat(namespace, "config_operations_total", "status", name, "Sum"),
        }
        for name in STATUSES
    ]
    total = " + ".join(f"FILL({name}, 0)" for name in STATUSES)
    share = f"IF(({total}) > 0, 100 * FILL({status}, 0) / ({total}), 0)"
    return [*counts, {"id": "share", "expression": share, "label": f"{status}, %", "returnData": True}]


def _hits(namespace: str) -> list[dict[str, Any]]:
    return [
        {"id": "hits", "returnData": True, "metricStat": _stat(namespace, "cache_hit_ratio", "layer", "l1", "Average")}
    ]


def _lost(namespace: str) -> list[dict[str, Any]]:
    told = _stat(namespace, "lost_accesses_total", "operation", SWEEP_AUDIT.name, "Sum")
    return [{"id": "lost", "returnData": True, "metricStat": told}]


def _stat(namespace: str, metric: str, dimension: str, value: str, statistic: str) -> dict[str, Any]:
    told = {"namespace": namespace, "metricName": metric, "dimensions": [{"name": dimension, "value": value}]}
    return {"metric": told, "period": FIVE_MINUTES, "stat": statistic}


def _drawn(metrics: list[dict[str, Any]]) -> list[Metric]:
    """The same, as a dashboard says it."""
    return [_drawn_one(metric) for metric in metrics]


def _drawn_one(told: dict[str, Any]) -> Metric:
    seen = {"id": told["id"], "visible": told["returnData"]}
    if "expression" in told:
        return [{**seen, "expression": told["expression"], "label": told["label"]}]
    metric = told["metricStat"]["metric"]
    dimensions = [text for one in metric["dimensions"] for text in (one["name"], one["value"])]
    return [metric["namespace"], metric["metricName"], *dimensions, {**seen, "stat": told["metricStat"]["stat"]}]


def _panel(title: str, metrics: list[Metric], statistic: str) -> dict[str, Any]:
    told = {"title": title, "metrics": metrics, "stat": statistic, "period": MINUTE, "view": "timeSeries"}
    return {"type": "metric", "properties": {**told, "region": Aws.REGION}}


def _placed(order: int, panel: dict[str, Any]) -> dict[str, Any]:
    """Two panels a row."""
    return {"x": 12 * (order % 2), "y": 6 * (order // 2), "width": 12, "height": 6, **panel}
