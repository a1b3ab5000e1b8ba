"""The architecture as a picture, drawn from synthesised templates: what is in it is deployed, and so are its arrows.

`python -m llm_config_cdk.picture llm-config-dev` reads cdk.out and prints Mermaid; README.md holds the result.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

Template = Mapping[str, Any]
Templates = Mapping[str, Template]
"""Of the stacks of one stage: `state`, `functions-configs`, ... -> template."""
ACTIONS = {
    "kms:GenerateDataKey": "-- seal --> tenant_keys",
    "kms:Decrypt": "-- unseal --> tenant_keys",
    "kms:CreateKey": "-- make --> tenant_keys",
    "kms:Sign": "-- sign --> token_key",
    "s3:PutObject": "-- over 32 KiB --> values",
    "events:PutEvents": "-- publish --> bus",
    "states:StartExecution": "-- start --> rotate_secret",
    "execute-api:ManageConnections": "-- tell --> watch",
}
"""What an area's roles may do, and the arrow that says so."""
CLOCKS = {
    "rate(1 minute)": 'clock(["every minute"])',
    "rate(5 minutes)": 'minutes(["every five minutes"])',
    "rate(1 day)": 'days(["every day"])',
}
WITH_EVERY_CHANGE = {"journal", "counters"}


def picture(templates: Templates) -> str:
    lines = ["```mermaid", "flowchart LR", *_front(templates), *_functions(templates), *_state(templates)]
    return "\n".join([*lines, *_events(templates), *_arrows(templates), "```"])


def _front(templates: Templates) -> Iterator[str]:
    routes = len(_of(templates["api"], "AWS::ApiGatewayV2::Route"))
    yield '  caller(["callers"]) --> api'
    yield f'  api["HTTP API<br/>{routes} routes"] --> functions'
    yield '  caller --> watch["WebSocket API"] --> watching_area'


def _functions(templates: Templates) -> Iterator[str]:
    yield '  subgraph functions["Lambda: a function and a role for each operation and task"]'
    for area in _areas(templates):
        yield f'    {area}_area["{area}<br/>{len(_of(templates[f"functions-{area}"], "AWS::Lambda::Alias"))}"]'
    yield "  end"


def _state(templates: Templates) -> Iterator[str]:
    yield '  subgraph tables["DynamoDB"]'
    for table in _tables(templates):
        yield f'    {table}[("{table}")]'
    yield "  end"
    yield '  values[("S3: large values")]'
    yield '  tenant_keys{{"KMS: a key for each tenant"}}'
    yield '  token_key{{"KMS: token key"}}'


def _events(templates: Templates) -> Iterator[str]:
    """Rules that are off are dotted."""
    for rule in _of(templates["events"], "AWS::Events::Rule"):
        source = CLOCKS[rule["ScheduleExpression"]] if "ScheduleExpression" in rule else 'bus(["EventBridge"])'
        arrow = "-->" if rule["State"] == "ENABLED" else "-. off .->"
        for target in rule["Targets"]:
            called = json.dumps(target["Arn"]).partition('"Fn::GetAtt": ["')[2]
            queue = next(name for name in _queues(templates) if called.startswith(name.replace("_", "")))
            yield f'  {source} {arrow} {queue}_queue[/"SQS: {queue}"/]'
    for area in _areas(templates):
        for mapping in _of(templates[f"functions-{area}"], "AWS::Lambda::EventSourceMapping"):
            if "StreamArn" in json.dumps(mapping["EventSourceArn"]):
                yield f"  journal -- stream --> {area}_area"
            else:
                queue = next(name for name in _queues(templates) if f"-{name}" in json.dumps(mapping["EventSourceArn"]))
                yield f"  {queue}_queue --> {area}_area"
    yield '  rotate_secret(["Step Functions: rotate-secret"]) -- each step --> rotations_area'


def _arrows(templates: Templates) -> Iterator[str]:
    alike = True
    for area in _areas(templates):
        statements = _statements(templates[f"functions-{area}"])
        written = {table for table in _tables(templates) if any(_writes(told, table) for told in statements)}
        both = written >= WITH_EVERY_CHANGE
        yield from (
            f"  {area}_area --> {table}" for table in sorted(written - (WITH_EVERY_CHANGE if both else {"journal"}))
        )
        alike = alike and (both or written <= {"journal"} or written == {"counters"})
        actions = {action for told in statements for action in _listed(told["Action"])}
        yield from (f"  {area}_area {arrow}" for action, arrow in ACTIONS.items() if action in actions)
    if alike:
        yield f"  functions -- with every change --> {' & '.join(sorted(WITH_EVERY_CHANGE))}"


def _areas(templates: Templates) -> list[str]:
    return sorted(name.removeprefix("functions-") for name in templates if name.startswith("functions-"))


def _tables(templates: Templates) -> list[str]:
    return sorted(told["TableName"].rpartition("-")[2] for told in _of(templates["state"], "AWS::DynamoDB::Table"))


def _queues(templates: Templates) -> list[str]:
    return sorted(told["QueueName"].rpartition("-")[2] for told in _of(templates["events"], "AWS::SQS::Queue"))


def _of(template: Template, kind: str) -> list[Any]:
    return [resource["Properties"] for resource in template["Resources"].values() if resource["Type"] == kind]


def _statements(template: Template) -> list[Any]:
    policies = [policy for role in _of(template, "AWS::IAM::Role") for policy in role["Policies"]]
    return [told for policy in policies for told in policy["PolicyDocument"]["Statement"]]


def _writes(statement: Any, table: str) -> bool:
    return "dynamodb:PutItem" in _listed(statement["Action"]) and f'-{table}"' in json.dumps(statement["Resource"])


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def read(assembly: Path, prefix: str) -> dict[str, Template]:
    return {
        path.name.removeprefix(f"{prefix}-").removesuffix(".template.json"): json.loads(path.read_text())
        for path in sorted(assembly.glob(f"{prefix}-*.template.json"))
    }


if __name__ == "__main__":
    sys.stdout.write(picture(read(Path(__file__).parents[1] / "cdk.out", sys.argv[1])) + "\n")
