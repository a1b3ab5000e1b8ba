"""Which type a secret of another system is given: the one that it surely has, or `generic`."""

import json
from typing import Any

import pytest

from llm_config_client.transfers.secret_shapes import shaped

NOW = "2026-01-02T03:04:05.000Z"
LOGIN = {"username": "u", "password": "p"}
RDS = {**LOGIN, "engine": "postgres", "host": "db", "port": "5432", "dbname": "app", "dbInstanceIdentifier": "db-1"}
SSH = "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n"
BUNDLE = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
AWS_KEY = {"access_key_id": "AKIAIOSFODNN7EXAMPLE", "secret_access_key": "s"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param("sk-ant-api03-abcdefgh", "api_key", id="a key of a provider"),
        pytest.param("ghp_abcdefghijkl", "api_key", id="of another"),
        pytest.param("sk-1", "generic", id="too short for one"),
        pytest.param("sk-abcdefgh with words", "generic", id="a sentence"),
        pytest.param("hunter2", "generic", id="a text"),
        pytest.param(SSH, "ssh_key", id="an SSH key"),
        pytest.param(BUNDLE, "certificate", id="a certificate"),
        pytest.param(SSH.replace("OPENSSH ", ""), "generic", id="a private key of any use"),
        pytest.param("{not json", "generic", id="a brace"),
        pytest.param("[1]", "generic", id="a list is a text"),
    ],
)
def test_a_text_is_stored_as_it_is_under_its_type(text: str, kind: str) -> None:
    found = shaped(text, NOW)
    assert (found.type, found.value, dict(found.tags)) == (kind, text, {})
    assert text not in repr(found)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        pytest.param({"a": 1}, "generic", id="an object"),
        pytest.param(LOGIN, "database_credentials", id="a login"),
        pytest.param({**LOGIN, "note": "n"}, "generic", id="a login with more than the type knows"),
        pytest.param({**LOGIN, "password": "changeme"}, "generic", id="a login without a password"),
        pytest.param({"access_token": "t", "expires_in": 60}, "oauth_token", id="an answer of a token endpoint"),
        pytest.param(
            {"type": "service_account", "private_key": "k", "client_email": "e"}, "cloud_credentials", id="Google"
        ),
        pytest.param({"certificate": BUNDLE, "private_key": SSH}, "certificate", id="a certificate and its key"),
    ],
)
def test_an_object_is_stored_as_one_under_its_type(value: dict[str, Any], kind: str) -> None:
    found = shaped(json.dumps(value), NOW)
    assert (found.type, found.value) == (kind, value)


def test_what_aws_adds_to_a_login_becomes_tags_and_its_port_a_number() -> None:
    found = shaped(json.dumps({**RDS, "masterarn": 7}), NOW)
    assert found.value == {**LOGIN, "engine": "postgres", "host": "db", "port": 5432, "database": "app"}
    assert (found.type, found.tags) == ("database_credentials", {"dbInstanceIdentifier": "db-1"})


def test_keys_of_aws_get_their_provider() -> None:
    found = shaped(json.dumps(AWS_KEY), NOW)
    assert (found.type, found.value) == ("cloud_credentials", {"provider": "aws", **AWS_KEY})


def test_what_no_type_takes_keeps_all_that_it_said() -> None:
    value = {**RDS, "note": "n"}
    assert shaped(json.dumps(value), NOW).value == value
    assert shaped(json.dumps(value), NOW).tags == {}
