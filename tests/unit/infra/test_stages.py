"""The settings of a stage: what cannot be meant is refused before anything is deployed."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from llm_config.operations.catalog import OPERATIONS, TASKS
from llm_config_cdk.places import Place
from llm_config_cdk.stages import DEV, STAGES, Domain, Edge, Stage, TargetNetwork, check

ROOT = Path(__file__).parents[3]
NAMES = [row.name for row in (*OPERATIONS, *TASKS)]
DOMAIN = Domain("config.example", "arn:aws:acm:eu-central-1:123456789012:certificate/a")
EDGE = Edge("www.example", "arn:aws:acm:us-east-1:123456789012:certificate/b", "arn:aws:acm:us-east-1:1:certificate/c")


@pytest.mark.parametrize("stage", STAGES.values(), ids=lambda stage: stage.name)
def test_the_stages_of_the_repository_can_be_deployed(stage: Stage) -> None:
    check(stage, NAMES)


@pytest.mark.parametrize(
    ("stage", "why"),
    [
        pytest.param(replace(DEV, reserved_concurrency={"get_konfig": 5}), "get_konfig", id="no such operation"),
        pytest.param(replace(DEV, log_days=8), "one of", id="days that CloudWatch has not"),
        pytest.param(
            replace(DEV, target_network=TargetNetwork("vpc-1", ("subnet-1",), ())),
            "group",
            id="a network, but no group",
        ),
        pytest.param(replace(DEV, mutual_domain=DOMAIN), "truststore", id="mutual, but nobody is asked"),
        pytest.param(replace(DEV, edge=EDGE), "walks around", id="an edge before no domain"),
        pytest.param(replace(DEV, edge=EDGE, public_domain=DOMAIN), "walks around", id="an edge and an open back door"),
    ],
)
def test_what_cannot_be_meant_is_refused(stage: Stage, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        check(stage, NAMES)


@pytest.mark.parametrize("stage", STAGES.values(), ids=lambda stage: stage.name)
@pytest.mark.parametrize("region", ["eu-central-1", "ap-southeast-2", "us-gov-west-1"])
def test_names_of_buckets_are_short_enough_everywhere(stage: Stage, region: str) -> None:
    place = Place(stage.prefix, "123456789012", region)
    for name in ("values", "checkpoints", "bucket-logs"):
        assert len(place.bucket(name)) <= 63


@pytest.mark.parametrize("stage", STAGES.values(), ids=lambda stage: stage.name)
def test_names_of_functions_are_short_enough(stage: Stage) -> None:
    place = Place(stage.prefix, "123456789012", "eu-central-1")
    assert not [name for name in NAMES if len(place.function(name)) > 64]


def test_the_pipeline_deploys_these_stages_and_holds_no_key() -> None:
    text = (ROOT / ".github" / "workflows" / "deploy.yml").read_text()
    told = yaml.safe_load(text)
    assert told[True]["workflow_dispatch"]["inputs"]["stage"]["options"] == list(STAGES)  # YAML 1.1 reads `on` as true
    assert told["jobs"]["deploy"]["permissions"]["id-token"] == "write"
    assert "ACCESS_KEY" not in text and "secrets." not in text


def test_the_pipeline_runs_targets_that_there_are() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    text = (ROOT / ".github" / "workflows" / "deploy.yml").read_text()
    for line in re.findall(r"run: make ([a-z -]+)", text):
        assert set(line.split()) <= targets
