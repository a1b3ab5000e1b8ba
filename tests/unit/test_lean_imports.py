"""What a function loads before it is asked anything: a config read needs no driver that it does not use."""

import json
import subprocess
import sys

import pytest

HEAVY = ["boto3", "botocore", "jwt", "aws_encryption_sdk", "cryptography", "psycopg", "redis", "aws_lambda_powertools",
         "jsonschema_rs", "llm_config.runtime.tracing"]  # fmt: skip
AWS = {"LLM_CONFIG_TABLE_PREFIX": "p-", "LLM_CONFIG_VALUES_BUCKET": "b", "LLM_CONFIG_ISSUERS": "{}",
       "AWS_DEFAULT_REGION": "us-east-1"}  # fmt: skip


def loaded_by(code: str) -> set[str]:
    told = f"import json, sys\n{code}\nprint(json.dumps([name for name in {HEAVY} if name in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True, env=AWS)
    return set(json.loads(done.stdout))


@pytest.mark.parametrize(
    "function", ["configs.get_config", "configs.resolve_config", "configs.put_config", "health.check_live"]
)
def test_importing_a_handler_loads_no_driver(function: str) -> None:
    assert loaded_by(f"import functions.{function}.handler") == set()


def test_knowing_the_family_loads_no_driver() -> None:
    assert loaded_by("from llm_config.runtime import wiring; wiring.provide('config_reader')") == set()


def test_reading_configs_loads_boto3_and_no_other_driver() -> None:
    opened = "from llm_config.runtime.aws_family import FACTORIES; FACTORIES['config_reader']()"
    assert loaded_by(opened) == {"boto3", "botocore"}


def test_a_request_loads_what_traces_it_only_where_a_collector_is_named() -> None:
    asked = (
        "from functions.health.check_live.handler import lambda_handler; from llm_config.runtime import wiring;"
        "wiring.use({}); lambda_handler({}, None)"
    )
    assert loaded_by(asked) == set()
    named = "import os; os.environ['OTEL_EXPORTER_OTLP_ENDPOINT'] = 'http://127.0.0.1:1'; "
    assert "llm_config.runtime.tracing" in loaded_by(named + asked)
