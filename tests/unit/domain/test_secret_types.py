"""What a value of each type looks like, and what is said of one that does not."""

from collections.abc import Mapping

import pytest

from llm_config_domain.errors import ValueRefused
from llm_config_domain.json_text import Json
from llm_config_domain.secrets.entries import SecretType
from llm_config_domain.secrets.types.forms import FORMS, accepted, shown
from llm_config_domain.secrets.types.reading import Facts, Known, Material

NOW = "2026-01-02T03:04:05.000Z"
KEY_ID, LONG = "AKIAIOSFODNN7EXAMPLE", "x1" * 40000


def nobody(material: Material) -> Facts:
    raise AssertionError("there is no key to read")


def known(kind: str, value: Json) -> Known:
    return accepted(SecretType(kind), value, NOW, nobody)


def broken(kind: str, value: Json) -> list[tuple[str, str]]:
    """(place, rule) of each violation, none of which quotes."""
    with pytest.raises(ValueRefused) as refused:
        known(kind, value)
    assert "canary" not in repr((refused.value.detail, refused.value.violations))
    return [(violation.path, violation.rule) for violation in refused.value.violations]


def test_every_type_has_its_form() -> None:
    assert set(FORMS) == set(SecretType)


AWS = {"provider": "aws", "access_key_id": KEY_ID, "secret_access_key": "s"}
AZURE = {"provider": "azure", "tenant_id": "t", "client_id": "c"}
LOGIN = {"username": "u", "password": "p"}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        pytest.param("generic", None, id="generic is any JSON"),
        pytest.param("generic", {"password": "changeme"}, id="generic is not looked at"),
        pytest.param("api_key", "sk-1", id="a key alone"),
        pytest.param("api_key", {"key": "sk-1"}, id="a key in an object"),
        pytest.param("api_key", {"key": "sk-1", "provider": "openai", "scopes": ["a"], "organization": "o", "project": "p"},
                     id="a key with what its provider says"),
        pytest.param("api_key", {"key": "sk-1", "scopes": "a b", "tier": 3, "beta": True}, id="with words of its own"),
        pytest.param("database_credentials", LOGIN, id="a login without a place"),
        pytest.param("database_credentials", {**LOGIN, "host": "h", "port": 5432, "database": "d", "engine": "mysql",
                                              "options": {"sslmode": "require", "timeout": 3}}, id="a login with all"),
        pytest.param("oauth_token", {"access_token": "t"}, id="an access token alone"),
        pytest.param("oauth_token", {"access_token": "t", "refresh_token": "r", "token_type": "Bearer", "scope": "a b",
                                     "scopes": ["a"], "ext_expires_in": 3}, id="what a token endpoint answers"),
        pytest.param("jwt_signing_key", {"algorithm": "HS256", "secret": "c" * 32}, id="a secret as long as its hash"),
        pytest.param("cloud_credentials", AWS, id="AWS"),
        pytest.param("cloud_credentials", {**AWS, "session_token": "t", "region": "eu-west-1"}, id="AWS with a session"),
        pytest.param("cloud_credentials", {**AZURE, "client_secret": "s"}, id="Azure with a secret"),
        pytest.param("cloud_credentials", {**AZURE, "client_certificate": "PEM"}, id="Azure with a certificate"),
        pytest.param("cloud_credentials", {"provider": "gcp", "private_key": "k", "client_email": "a@b"}, id="Google"),
        pytest.param("cloud_credentials", {"type": "service_account", "private_key": "k", "client_email": "a@b",
                                           "universe_domain": "googleapis.com"}, id="a key file of Google's"),
    ],
)  # fmt: skip
def test_what_follows_its_type_is_taken(kind: str, value: Json) -> None:
    assert known(kind, value).violations == ()


@pytest.mark.parametrize(
    ("kind", "value", "found"),
    [
        pytest.param("api_key", 7, [("", "type")], id="a key that is a number"),
        pytest.param("api_key", ["canary"], [("", "type")], id="a key in a list"),
        pytest.param("api_key", "", [("", "length")], id="an empty key"),
        pytest.param("api_key", LONG, [("", "length")], id="a key without an end"),
        pytest.param("api_key", {"canary": "sk-1"}, [("/key", "required")], id="an object without a key"),
        pytest.param("api_key", {"key": 7}, [("/key", "type")], id="a key inside that is a number"),
        pytest.param("api_key", {"key": "k", "canary": {}}, [("", "type")], id="a word of its own that is no scalar"),
        pytest.param("api_key", {"key": "k", "canary": None}, [("", "type")], id="or null"),
        pytest.param("api_key", {"key": "k", "scopes": 7}, [("/scopes", "type")], id="scopes that are a number"),
        pytest.param("api_key", {"key": "k", "scopes": [7]}, [("/scopes", "type")], id="or hold one"),
        pytest.param("api_key", {"key": "k", "scopes": ["a"] * 1001}, [("/scopes", "type")], id="or are too many"),
        pytest.param("api_key", {"key": "k", "expires_at": "canary"}, [("/expires_at", "format")], id="no time"),
        pytest.param("api_key", {"key": "k", "expires_at": 7}, [("/expires_at", "format")], id="a number for a time"),
        pytest.param("api_key", {"key": "k", "expires_at": NOW}, [("/expires_at", "future")], id="an expired key"),
        pytest.param("api_key", {f"m{n}": 1 for n in range(101)}, [("", "members")], id="101 members"),
        pytest.param("database_credentials", "canary", [("", "type")], id="a login that is a text"),
        pytest.param("database_credentials", {"username": "u"}, [("/password", "required")], id="no password"),
        pytest.param("database_credentials", {}, [("/password", "required"), ("/username", "required")], id="nothing"),
        pytest.param("database_credentials", {**LOGIN, "canary": 1}, [("", "members")], id="a member too many"),
        pytest.param("database_credentials", {**LOGIN, "password": "password"}, [("/password", "placeholder")],
                     id="a password that is none"),
        pytest.param("database_credentials", {**LOGIN, "port": 0}, [("/port", "range")], id="port 0"),
        pytest.param("database_credentials", {**LOGIN, "port": 65536}, [("/port", "range")], id="port 65,536"),
        pytest.param("database_credentials", {**LOGIN, "port": "5432"}, [("/port", "range")], id="a port that is text"),
        pytest.param("database_credentials", {**LOGIN, "port": True}, [("/port", "range")], id="a port that is true"),
        pytest.param("database_credentials", {**LOGIN, "engine": "Canary SQL"}, [("/engine", "format")], id="no scheme"),
        pytest.param("database_credentials", {**LOGIN, "engine": 7}, [("/engine", "format")], id="an engine of 7"),
        pytest.param("database_credentials", {**LOGIN, "options": {"canary": []}}, [("/options", "type")], id="options"),
        pytest.param("database_credentials", {**LOGIN, "options": 7}, [("/options", "type")], id="options of 7"),
        pytest.param("database_credentials", {**LOGIN, "options": {f"o{n}": 1 for n in range(101)}},
                     [("/options", "type")], id="101 options"),
        pytest.param("oauth_token", "canary", [("", "type")], id="a token that is a text"),
        pytest.param("oauth_token", {"refresh_token": "r"}, [("/access_token", "required")], id="no access token"),
        pytest.param("oauth_token", {"access_token": "t", "expires_in": 0}, [("/expires_in", "range")], id="no time left"),
        pytest.param("oauth_token", {"access_token": "t", "expires_in": 1, "expires_at": "2027-01-01T00:00:00Z"},
                     [("/expires_in", "twice")], id="two ends"),
        pytest.param("oauth_token", {"access_token": "t", "expires_at": NOW}, [("/expires_at", "future")],
                     id="an end that was"),
        pytest.param("jwt_signing_key", {"secret": "c" * 32}, [("/algorithm", "required")], id="no algorithm"),
        pytest.param("jwt_signing_key", {"algorithm": "none", "secret": "c" * 32}, [("/algorithm", "enum")], id="none"),
        pytest.param("jwt_signing_key", {"algorithm": ["HS256"], "secret": "c" * 32}, [("/algorithm", "enum")],
                     id="algorithms in a list"),
        pytest.param("jwt_signing_key", {"algorithm": "HS256"}, [("/secret", "required")], id="no secret"),
        pytest.param("jwt_signing_key", {"algorithm": "ES256"}, [("/private_key", "required")], id="no private key"),
        pytest.param("jwt_signing_key", {"algorithm": "HS256", "secret": "c" * 31}, [("/secret", "weak")], id="31 bytes"),
        pytest.param("jwt_signing_key", {"algorithm": "HS384", "secret": "c" * 47}, [("/secret", "weak")], id="47 bytes"),
        pytest.param("jwt_signing_key", {"algorithm": "HS512", "secret": "c" * 63}, [("/secret", "weak")], id="63 bytes"),
        pytest.param("jwt_signing_key", {"private_key": "p", "secret": "s"}, [("", "members")], id="both kinds of key"),
        pytest.param("jwt_signing_key", "canary", [("", "pem")], id="a text that is no PEM"),
        pytest.param("jwt_signing_key", 7, [("", "type")], id="a signing key of 7"),
        pytest.param("ssh_key", 7, [("", "type")], id="an SSH key of 7"),
        pytest.param("ssh_key", "canary", [("", "pem")], id="an SSH key that is no PEM"),
        pytest.param("ssh_key", {"private_key": "canary"}, [("/private_key", "pem")], id="in an object too"),
        pytest.param("certificate", "canary", [("", "pem")], id="a certificate that is no PEM"),
        pytest.param("certificate", {"certificate": "canary"}, [("/private_key", "required")], id="without its key"),
        pytest.param("certificate", {"certificate": "canary", "private_key": "k"}, [("/certificate", "pem")],
                     id="an object with what is no PEM"),
        pytest.param("cloud_credentials", "canary", [("", "type")], id="cloud credentials that are a text"),
        pytest.param("cloud_credentials", {}, [("/provider", "required")], id="no provider"),
        pytest.param("cloud_credentials", {"provider": "canary"}, [("/provider", "enum")], id="another provider"),
        pytest.param("cloud_credentials", {"provider": ["aws"]}, [("/provider", "enum")], id="providers in a list"),
        pytest.param("cloud_credentials", {**AWS, "access_key_id": "short"}, [("/access_key_id", "format")], id="no id"),
        pytest.param("cloud_credentials", {**AWS, "access_key_id": 7}, [("/access_key_id", "format")], id="an id of 7"),
        pytest.param("cloud_credentials", {**AWS, "expires_at": NOW}, [("/expires_at", "future")], id="an ended session"),
        pytest.param("cloud_credentials", AZURE, [("/client_secret", "required")], id="Azure without a credential"),
    ],
)  # fmt: skip
def test_what_breaks_its_type_is_told_by_place_and_rule(kind: str, value: Json, found: list[tuple[str, str]]) -> None:
    assert broken(kind, value) == found


@pytest.mark.parametrize(
    "text",
    ["changeme", "Change-Me", "change_me", " ", "<your key>", "${KEY}", "{{ key }}", "XXXX", "****", "...", "null"],
)
def test_what_a_template_left_is_no_secret(text: str) -> None:
    assert broken("api_key", text) == [("", "placeholder")]


@pytest.mark.parametrize("text", ["other", "newer", "xx", "hunter2", "<" + "a" * 100 + ">", "changeme-not", "p"])
def test_what_could_be_meant_is_taken(text: str) -> None:
    assert known("api_key", text) == Known()


@pytest.mark.parametrize(
    ("kind", "value", "ends_at"),
    [
        ("api_key", {"key": "k", "expires_at": "2027-01-01T01:00:00+01:00"}, "2027-01-01T00:00:00.000Z"),
        ("oauth_token", {"access_token": "t", "expires_in": 3600}, "2026-01-02T04:04:05.000Z"),
        ("oauth_token", {"access_token": "t", "expires_at": "2027-01-01T00:00:00Z"}, "2027-01-01T00:00:00.000Z"),
        ("oauth_token", {"access_token": "t", "refresh_token": "r", "expires_at": NOW}, NOW),
        ("cloud_credentials", {**AWS, "expires_at": "2027-01-01T00:00:00Z"}, "2027-01-01T00:00:00.000Z"),
        ("api_key", "k", None),
    ],
)
def test_a_value_says_itself_when_it_ends(kind: str, value: Json, ends_at: str | None) -> None:
    assert known(kind, value).ends_at == ends_at


def test_what_is_known_of_a_shared_secret_does_not_follow_from_it() -> None:
    value = {"algorithm": "HS256", "secret": "c" * 32, "kid": "k"}
    assert known("jwt_signing_key", value).computed == {"algorithm": "HS256", "kid": "k"}
    assert known("jwt_signing_key", {"algorithm": "HS256", "secret": "c" * 32}).computed == {"algorithm": "HS256"}


@pytest.mark.parametrize(
    ("more", "url"),
    [
        ({"host": "db"}, "postgresql://u:p@db"),
        ({"host": "db", "port": 5432, "database": "app"}, "postgresql://u:p@db:5432/app"),
        ({"host": "db", "engine": "postgres"}, "postgresql://u:p@db"),
        ({"host": "db", "engine": "mysql"}, "mysql://u:p@db"),
        ({"host": "db", "engine": "mongodb+srv"}, "mongodb+srv://u:p@db"),
        ({"host": "::1", "port": 1}, "postgresql://u:p@[::1]:1"),
        ({"host": "[2001:DB8::1]"}, "postgresql://u:p@[2001:db8::1]"),
        ({"host": "/run/db"}, "postgresql://u:p@%2Frun%2Fdb"),
        ({"host": "db", "username": "a:b@c", "password": "p/?#[ é%"},
         "postgresql://a%3Ab%40c:p%2F%3F%23%5B%20%C3%A9%25@db"),
        ({"host": "db", "database": "a/b"}, "postgresql://u:p@db/a%2Fb"),
        ({"host": "db", "options": {"sslmode": "verify-full", "timeout": 3, "a b": True}},
         "postgresql://u:p@db?sslmode=verify-full&timeout=3&a%20b=true"),
    ],
)  # fmt: skip
def test_the_connection_url_follows_from_the_credentials(more: Mapping[str, Json], url: str) -> None:
    assert shown(SecretType.DATABASE_CREDENTIALS, {**LOGIN, **more}) == {"connection_url": url}


@pytest.mark.parametrize(
    "value", [LOGIN, {"host": "db"}, "postgresql://u:p@db"], ids=["without a place", "without a login", "of old"]
)
def test_no_connection_url_follows_from_less(value: Json) -> None:
    assert shown(SecretType.DATABASE_CREDENTIALS, value) == {}


def test_nothing_more_is_shown_of_other_types() -> None:
    assert shown(SecretType.API_KEY, {"key": "k"}) == {}
