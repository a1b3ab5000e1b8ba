"""All stacks of one stage, in the order in which they stand on each other."""

from collections.abc import Sequence
from typing import Any

from aws_cdk import App, Stack, Validations
from cdk_nag import AwsSolutionsChecks

from llm_config.operations.catalog import TASKS
from llm_config.operations.operation import Operation, Row, Task, Trigger
from llm_config_cdk.deployed_rows import ROWS, printers_of, rows_of
from llm_config_cdk.reach import asks_the_audit, stands_inside
from llm_config_cdk.stacks.api import ApiStack
from llm_config_cdk.stacks.client import ClientStack
from llm_config_cdk.stacks.edge import EdgeStack
from llm_config_cdk.stacks.events import EventsStack
from llm_config_cdk.stacks.functions import FunctionsStack, LayerCode
from llm_config_cdk.stacks.keys import KeysStack
from llm_config_cdk.stacks.network_and_data import NetworkAndDataStack
from llm_config_cdk.stacks.observability import ObservabilityStack
from llm_config_cdk.stacks.reads import ReadsStack
from llm_config_cdk.stacks.rotation import RotationStack
from llm_config_cdk.stacks.state import StateStack
from llm_config_cdk.stacks.watching import WatchApiStack, WatchStack
from llm_config_cdk.stages import Stage, check

FLAGS = {
    "@aws-cdk/aws-lambda:recognizeLayerVersion": True,
    "@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy": True,
}
"""Where the CDK's older behaviour is still its default."""


def new_app(context: dict[str, Any] | None = None, **told: Any) -> App:
    """An app that refuses to synthesise what breaks a rule (rules.py has the exceptions).

    The CDK's own check of templates is left out: it takes longer than the synthesis, and cfn-lint checks more in tests.
    """
    app = App(
        context={**FLAGS, **(context or {})},
        builtin_cloud_formation_validation=False,
        analytics_reporting=False,
        stack_traces=False,
        tree_metadata=False,
        **told,
    )
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return app


def deployment(app: App, stage: Stage, layer_code: LayerCode) -> list[Stack]:
    """What stands on another stack by name alone is told to wait for it. Raises ValueError for settings that cannot be."""
    check(stage, [row.name for row in ROWS])
    keys = KeysStack(app, stage)
    state = StateStack(app, stage, keys.platform_key)
    events = EventsStack(app, stage, keys.platform_key)
    network = _network(app, stage, keys)
    watch_api = WatchApiStack(app, stage)
    functions = _functions(app, stage, layer_code, keys, state, network, watch_api)
    rotation = RotationStack(app, stage)
    rotation.add_stack_dependency(events, "its alarm goes to this topic")
    api = ApiStack(app, stage, [row for row in rows_of(stage) if isinstance(row, Operation)])
    watch = WatchStack(app, stage, watch_api.api.ref, [row for row in TASKS if row.trigger is Trigger.SOCKET])
    observability = ObservabilityStack(app, stage, api.api.ref)
    reads = _reads(app, stage)
    for stack in functions:
        stack.add_stack_dependency(state, "its functions read and write these tables")
        stack.add_stack_dependency(events, "its alarms go to this topic, and its tasks' failures to these queues")
        api.add_stack_dependency(stack, "its routes call these functions")
        rotation.add_stack_dependency(stack, "its states call these functions")
        watch.add_stack_dependency(stack, "its routes call these functions")
        for one in reads:
            one.add_stack_dependency(stack, "it subscribes to the logs of these functions")
    observability.add_stack_dependency(events, "its alarms go to this topic")
    optional = [*reads, *_edge(app, stage, api)]
    return [
        keys,
        state,
        events,
        *([network] if network else []),
        watch_api,
        *functions,
        rotation,
        api,
        watch,
        observability,
        ClientStack(app, stage, layer_code),
        *optional,
    ]


def _functions(
    app: App,
    stage: Stage,
    layer_code: LayerCode,
    keys: KeysStack,
    state: StateStack,
    network: NetworkAndDataStack | None,
    watch_api: WatchApiStack,
) -> list[FunctionsStack]:
    rows_here = rows_of(stage)
    by_area = {row.area: [one for one in rows_here if one.area == row.area] for row in rows_here}
    return [
        FunctionsStack(
            app,
            stage,
            area,
            rows,
            layer_code=layer_code,
            token_key_arn=keys.token_key.key_arn,
            shared_key_arn=keys.shared_key.key_arn if keys.shared_key else "",
            journal_stream_arn=state.journal_stream_arn if _follow(rows) else "",
            audit_key_arn=keys.audit_key.key_arn if keys.audit_key and any(map(asks_the_audit, rows)) else "",
            receipt_key_arn=keys.receipt_key.key_arn if keys.receipt_key else "",
            watch_api=watch_api.api.ref if any("watcher_lines" in row.ports for row in rows) else "",
            network=network if any(stands_inside(row, shared_cache=stage.shares_cache) for row in rows) else None,
        )
        for area, rows in by_area.items()
    ]


def _follow(rows: Sequence[Row]) -> bool:
    """Is one of them brought the journal's stream? Only then the stack asks for what no name tells, the stream's ARN."""
    return any(isinstance(row, Task) and row.trigger is Trigger.STREAM for row in rows)


def _network(app: App, stage: Stage, keys: KeysStack) -> NetworkAndDataStack | None:
    return NetworkAndDataStack(app, stage, stage.network, keys.platform_key) if stage.network else None


def _reads(app: App, stage: Stage) -> list[Stack]:
    """None where nobody takes what is read to the audit."""
    taking = [row for row in rows_of(stage) if isinstance(row, Task) and row.trigger is Trigger.LOGS]
    return [ReadsStack(app, stage, taker, printers_of(stage)) for taker in taking]


def _edge(app: App, stage: Stage, api: ApiStack) -> list[Stack]:
    if stage.edge is None or stage.public_domain is None:
        return []
    edge = EdgeStack(app, stage, stage.edge, stage.public_domain)
    edge.add_stack_dependency(api, "its origin is the API's domain")
    return [edge]
