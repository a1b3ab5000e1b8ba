"""The AWS Solutions rules and CloudFormation's own: both really look, and find nothing."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

ANY_FUNCTIONS = ("functions-tenants", "functions-events")
"""Stacks of functions differ by names and statements alone: one of operations is linted, and one of tasks."""


def lint(template: Path) -> str:
    command = [sys.executable, "-m", "cfnlint", "--ignore-checks", "W3005", "-t", str(template)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def acknowledged(assembly: Path) -> set[tuple[str, str]]:
    """Every exception in force, as (rule, reason)."""
    entries = [
        entry["data"]
        for path in assembly.glob("llm-config-whole-*.metadata.json")
        for of_construct in json.loads(path.read_text()).values()
        for entry in of_construct
        if entry["type"] == "aws:cdk:acknowledged-rules"
    ]
    ours = "Annotation::AwsSolutions-"
    return {
        (rule.removeprefix(ours), reason) for told in entries for rule, reason in told.items() if rule.startswith(ours)
    }


def test_cfn_lint_finds_nothing(assembly: Path) -> None:
    pytest.importorskip("cfnlint", reason="cfn-lint is not installed here")
    templates = [
        path
        for path in sorted(assembly.glob("llm-config-whole-*.template.json"))
        if "functions-" not in path.name or any(name in path.name for name in ANY_FUNCTIONS)
    ]
    with ThreadPoolExecutor(2) as pool:
        assert not "".join(pool.map(lint, templates))


def test_a_synthesis_that_breaks_a_rule_fails(assembly: Path, tmp_path: Path) -> None:
    from aws_cdk import Stack
    from aws_cdk.aws_s3 import Bucket

    from llm_config_cdk.deployment import new_app

    app = new_app(outdir=str(tmp_path))
    Bucket(Stack(app, "careless"), "bucket")
    with pytest.raises(RuntimeError, match="AwsSolutions-S10"):
        app.synth()


def test_every_exception_says_why_and_only_what_is_named_is_excepted(assembly: Path) -> None:
    found = acknowledged(assembly)
    assert {rule.partition("[")[0] for rule, _ in found} == {"APIG4", "CFR1", "IAM5", "L1", "S1", "SMG4", "SQS3"}
    assert all(len(reason) > 30 for _, reason in found)
    from llm_config_cdk.deployed_rows import ROWS

    for operation in ROWS:
        assert any(f"log-group:/aws/lambda/llm-config-whole-{operation.name}:*" in rule for rule, _ in found)
