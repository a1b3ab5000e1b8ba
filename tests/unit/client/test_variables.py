"""A namespace as environment variables: names, texts, and what has no place there."""

from decimal import Decimal
from typing import Any

import pytest

from llm_config_client.variables import names, refers_to_secrets, variables
from llm_config_contract.configs import ConfigMetadataView
from llm_config_domain.errors import ValueRefused
from tests.unit.client.answering import CONFIG


def listed(key: str, environment: str, **tags: str) -> ConfigMetadataView:
    told = {name: member for name, member in CONFIG.items() if name not in ("value", "schema")}
    return ConfigMetadataView.model_validate({**told, "key": key, "environment": environment, "tags": tags})


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        pytest.param("log-level", "info", {"LOG_LEVEL": "info"}, id="text is as it is"),
        pytest.param("http.port_0", 80, {"HTTP_PORT_0": "80"}, id="a number"),
        pytest.param("ratio", Decimal("1.10"), {"RATIO": "1.10"}, id="a number to the digit"),
        pytest.param("flag", False, {"FLAG": "false"}, id="false"),
        pytest.param("empty", "", {"EMPTY": ""}, id="no text is a text"),
        pytest.param("hosts", ["a", {"b": 1}], {"HOSTS": '["a",{"b":1}]'}, id="a list is JSON"),
        pytest.param("gone", None, {"GONE": None}, id="null takes it away"),
    ],
)
def test_a_key_is_a_variable(key: str, value: Any, expected: Any) -> None:
    assert variables({key: value}, {}) == expected


def test_a_tag_names_the_variable_and_the_nearest_layers_tag_wins() -> None:
    found = [
        listed("a", "production", env_name="Near"),
        listed("a", "global", env_name="Far"),
        listed("b", "global", env_name="Inherited"),
        listed("c", "edge", env_name="Elsewhere"),
        listed("d", "production", other="x"),
    ]
    assert names(found, "prod") == {"a": "Near", "b": "Inherited"}
    assert variables({"a": "1", "c": "2"}, names(found, "prod")) == {"Near": "1", "C": "2"}


def test_everything_that_has_no_place_is_named_and_no_value_is() -> None:
    values = {"a.b": "canary", "a-b": "canary", "nul": "canary\0", "tagged": "canary", "fine": "canary"}
    with pytest.raises(ValueRefused) as refused:
        variables(values, {"tagged": "LD=x", "fine": "FINE"})
    assert [(one.path, one.rule) for one in refused.value.violations] == [
        ("/a-b", "twice"),
        ("/nul", "text"),
        ("/tagged", "name"),
    ]
    assert "canary" not in str(refused.value) + str(refused.value.violations)


def test_a_reference_is_found_wherever_it_stands() -> None:
    assert refers_to_secrets({"$secret": "keys/x"})
    assert refers_to_secrets({"a": [1, {"b": {"$secret": "keys/x"}}]})
    assert not refers_to_secrets({"a": "$secret"})
