"""The AWS family as a Lambda function finds it: from its environment, opened late, with short waits."""

from collections.abc import Iterator

import pytest

from llm_config.ports.clock import Clock
from llm_config.runtime import aws_clients
from llm_config.runtime.aws_family import FACTORIES, AwsFamily
from llm_config.runtime.settings import settings


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    told = {"LLM_CONFIG_TABLE_PREFIX": "p-", "LLM_CONFIG_VALUES_BUCKET": "values", "LLM_CONFIG_ISSUERS": "{}",
            "AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}  # fmt: skip
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    aws_clients.client.cache_clear()
    yield
    settings.cache_clear()
    aws_clients.client.cache_clear()


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("port", sorted(FACTORIES))
def test_every_port_opens_without_a_call(port: str) -> None:
    assert AwsFamily(settings, aws_clients.client).factories()[port]() is not None


@pytest.mark.usefixtures("environment")
def test_a_client_is_shared_and_its_waits_are_short() -> None:
    client = aws_clients.client("dynamodb")
    assert client is aws_clients.client("dynamodb")
    config = client.meta.config
    assert (config.connect_timeout, config.read_timeout) == (1, 3)
    assert config.retries == {"mode": "standard", "total_max_attempts": 3}


def test_a_setting_that_is_forgotten_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LLM_CONFIG_TABLE_PREFIX", raising=False)
    settings.cache_clear()
    with pytest.raises(KeyError, match="LLM_CONFIG_TABLE_PREFIX"):
        AwsFamily(settings, lambda service: None).factories()["config_reader"]()


def test_the_clock_needs_no_setting() -> None:
    clock: Clock = AwsFamily(settings, aws_clients.client).factories()["clock"]()
    assert clock.monotonic() > 0
