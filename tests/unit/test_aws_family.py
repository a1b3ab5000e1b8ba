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


@pytest.mark.usefixtures("environment")
def test_what_a_deployment_says_of_tenants_keys_is_read_from_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {
        "LLM_CONFIG_KEY_ALIASES": "alias/llm-config/staging/",
        "LLM_CONFIG_KEY_ROTATION_DAYS": "90",
        "LLM_CONFIG_SEALING_ROLES": "arn:aws:iam::1:role/a, arn:aws:iam::1:role/b",
        "LLM_CONFIG_UNSEALING_ROLES": "arn:aws:iam::1:role/c",
        "LLM_CONFIG_KEY_ADMINISTRATORS": "arn:aws:iam::1:role/d,",
        "LLM_CONFIG_SHARED_KEY": "arn:aws:kms:us-east-1:1:key/e",
        "LLM_CONFIG_SHARED_KEY_TIERS": "free,standard",
        "LLM_CONFIG_METRICS": "off",
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    read = settings()
    assert (read.key_aliases, read.key_rotation_days) == ("alias/llm-config/staging/", 90)
    assert read.sealing_roles == ("arn:aws:iam::1:role/a", "arn:aws:iam::1:role/b")
    assert (read.unsealing_roles, read.key_administrators) == (("arn:aws:iam::1:role/c",), ("arn:aws:iam::1:role/d",))
    assert (read.shared_key, read.shared_key_tiers) == ("arn:aws:kms:us-east-1:1:key/e", ("free", "standard"))
    assert read.metrics == ""


@pytest.mark.usefixtures("environment")
def test_a_deployment_that_says_nothing_has_a_key_a_tenant_and_metrics() -> None:
    read = settings()
    assert (read.key_aliases, read.key_rotation_days, read.metrics) == ("alias/llm-config/", 365, "llm_config")
    assert not any((read.sealing_roles, read.unsealing_roles, read.key_administrators, read.shared_key_tiers))


def test_a_setting_that_is_forgotten_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LLM_CONFIG_TABLE_PREFIX", raising=False)
    settings.cache_clear()
    with pytest.raises(KeyError, match="LLM_CONFIG_TABLE_PREFIX"):
        AwsFamily(settings, lambda service: None).factories()["config_reader"]()


def test_the_clock_needs_no_setting() -> None:
    clock: Clock = AwsFamily(settings, aws_clients.client).factories()["clock"]()
    assert clock.monotonic() > 0


@pytest.mark.usefixtures("environment")
def test_connections_are_posted_to_at_the_address_of_the_deployments_own_api(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLM_CONFIG_WATCH_ENDPOINT", "https://w1.execute-api.eu-central-1.amazonaws.com/v1")
    settings.cache_clear()
    client = aws_clients.client("apigatewaymanagementapi")
    assert client.meta.endpoint_url == "https://w1.execute-api.eu-central-1.amazonaws.com/v1"
    assert "w1" not in aws_clients.client("dynamodb").meta.endpoint_url
