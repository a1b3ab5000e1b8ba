"""The main job: a config with a provider key in it, stored, resolved and explained."""

from tests.support.homes import EmbeddedKit

KEY = "sk-test-main-job-canary"


def test_a_config_is_resolved_with_its_secret_injected(home: EmbeddedKit) -> None:
    token = home.token(home.tenant("acme"), "operator")
    secret = {"type": "api_key", "value": KEY}
    assert home.call("PUT", "/api/v1/secrets/keys/anthropic?environment=production", secret, token=token).status == 201
    value = {"model": "claude", "api_key": {"$secret": "keys/anthropic"}}
    put = home.call("PUT", "/api/v1/configs/gateway/primary?environment=prod", {"value": value}, token=token)
    assert (put.status, put.headers["ETag"]) == (201, '"1"')
    url = "/api/v1/resolved/gateway/primary?environment=production&secrets=reveal"
    resolved = home.call("GET", url, token=token)
    assert resolved.json["value"] == {"model": "claude", "api_key": KEY}
    assert resolved.headers["Cache-Control"] == "no-store"


def test_a_resolve_that_does_not_ask_for_secrets_keeps_the_reference(home: EmbeddedKit) -> None:
    token = home.token(home.tenant("acme"), "operator")
    value = {"api_key": {"$secret": "keys/anthropic"}}
    home.call("PUT", "/api/v1/configs/gateway/primary?environment=prod", {"value": value}, token=token)
    resolved = home.call("GET", "/api/v1/resolved/gateway/primary?environment=production", token=token)
    assert resolved.json["value"] == value
