"""Which server, token and environment the command line takes."""

from pathlib import Path

import pytest

from llm_config_client import Misconfigured
from llm_config_client.cli.settings import Settings, settings

FILE = """
[profiles.work]
url = "https://work.example"
environment = "staging"
token_file = "work-token"

[profiles.open]
url = "https://open.example"

[profiles.wrong]
token = "canary"
"""


@pytest.fixture
def found(tmp_path: Path) -> "Found":
    directory = tmp_path / ".config/llm-config"
    directory.mkdir(parents=True)
    (directory / "config.toml").write_text(FILE)
    token = directory / "work-token"
    token.write_text("work.token\n")
    token.chmod(0o600)
    return Found(tmp_path)


class Found:
    """`settings` of a home directory."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __call__(self, *, url: str | None = None, profile: str | None = None, **variables: str) -> Settings:
        return settings({"HOME": str(self.home), **variables}, url=url, profile=profile)


def test_nothing_said_is_this_machine_without_a_token_or_an_environment(found: Found) -> None:
    chosen = found()
    assert (chosen.server.url, chosen.server.token, chosen.environment) == ("http://127.0.0.1:8080", None, None)


def test_a_profile_names_all_three(found: Found) -> None:
    chosen = found(LLM_CONFIG_PROFILE="work")
    assert (chosen.server.url, chosen.server.token, chosen.environment) == (
        "https://work.example",
        "work.token",
        "staging",
    )
    assert (chosen.url_from, chosen.token_from) == ("profile work", "profile work")


def test_a_variable_comes_before_the_profile_of_a_variable(found: Found) -> None:
    chosen = found(LLM_CONFIG_PROFILE="work", LLM_CONFIG_ENV="edge", LLM_CONFIG_URL="https://other.example")
    assert (chosen.server.url, chosen.environment) == ("https://other.example", "edge")


def test_a_profile_of_the_command_line_comes_before_variables(found: Found) -> None:
    chosen = found(profile="work", LLM_CONFIG_ENV="edge", LLM_CONFIG_URL="https://o.example", LLM_CONFIG_TOKEN="t")
    assert (chosen.server.url, chosen.server.token, chosen.environment) == (
        "https://work.example",
        "work.token",
        "staging",
    )


def test_the_option_comes_first_and_the_profiles_token_does_not_go_there(found: Found) -> None:
    chosen = found(url="https://elsewhere.example", profile="work")
    assert (chosen.server.url, chosen.server.token) == ("https://elsewhere.example", None)


def test_a_token_file_that_others_may_open_is_refused(found: Found) -> None:
    (found.home / ".config/llm-config/work-token").chmod(0o640)
    with pytest.raises(Misconfigured, match="chmod 600"):
        found(profile="work")


@pytest.mark.parametrize(
    ("profile", "says"),
    [
        pytest.param("nobody", "no such profile", id="a profile that is not there"),
        pytest.param("wrong", "and nothing else", id="a member that is not one"),
    ],
)
def test_a_profile_that_is_wrong_is_refused_and_not_quoted(found: Found, profile: str, says: str) -> None:
    with pytest.raises(Misconfigured, match=says) as refused:
        found(profile=profile)
    assert "canary" not in str(refused.value)


def test_a_file_that_is_not_toml_is_refused(found: Found) -> None:
    (found.home / ".config/llm-config/config.toml").write_text("canary")
    with pytest.raises(Misconfigured, match="TOML") as refused:
        found(profile="work")
    assert "canary" not in str(refused.value)


def test_a_profile_without_a_token_takes_the_variables(found: Found) -> None:
    chosen = found(profile="open", LLM_CONFIG_TOKEN="t")
    assert (chosen.server.token, chosen.token_from) == ("t", "LLM_CONFIG_TOKEN")


def test_where_sockets_are_opened_is_said_beside_the_servers_variable_and_goes_with_no_other_server(
    found: Found,
) -> None:
    watching = "wss://watch.example/v1"
    told = {"LLM_CONFIG_URL": "https://one.example", "LLM_CONFIG_WATCH_URL": watching}
    assert found(**told).server.watch_url == "https://watch.example/v1"
    assert found(url="https://two.example", **told).server.watch_url == ""
    assert found(LLM_CONFIG_PROFILE="work", LLM_CONFIG_WATCH_URL=watching).server.watch_url == ""


@pytest.mark.parametrize(
    "url", ["ws://watch.example", "http://watch.example", "watch.example", "wss://user@watch.example"]
)
def test_sockets_are_opened_where_a_token_may_go_alone(found: Found, url: str) -> None:
    with pytest.raises(Misconfigured) as refused:
        found(LLM_CONFIG_URL="https://one.example", LLM_CONFIG_WATCH_URL=url)
    assert "watch.example" not in str(refused.value)
