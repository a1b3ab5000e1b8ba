"""The tree of commands; the modules of the commands hang themselves into it."""

from importlib.metadata import version
from typing import Annotated

import typer

from llm_config_client.cli.commands import Debug, Output, ProfileName, Url

EPILOG = """\b
Examples:
  llm-config config put app/database '{"pool_size": 50}' --env production --reason "more load"
  llm-config config explain app/database --env production
  pbpaste | llm-config secret set keys/anthropic - --type api_key --env production
  llm-config run --namespace services/gateway --env production -- ./serve

\b
Variables: LLM_CONFIG_URL, LLM_CONFIG_TOKEN, LLM_CONFIG_ENV, LLM_CONFIG_PROFILE, NO_COLOR;
LLM_CONFIG_RECEIPTS=DIR keeps a receipt of each answer there
Profiles:  ~/.config/llm-config/config.toml, [profiles.NAME] url, environment, token_file

\b
Exit codes: 0 done; 2 usage; 3 absent; 4 not allowed; 5 unreachable; 6 conflict or
precondition; 7 refused value or malformed; 8 anything else; 9 a rotation that was
followed did not complete; 10 it is held; 130 interrupted
"""


def _group(help_text: str, epilog: str | None = None) -> typer.Typer:
    return typer.Typer(
        help=help_text,
        epilog=epilog,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


app = _group("Configs and secrets of LLM services: versioned, explained, sealed.", EPILOG)
config = _group("Store, read, resolve, compare and bring back configs.")
secret = _group("Store and read secrets, and move their versions between stages.")
cache = _group("Say what is to be believed of what containers remember.")
namespace = _group("See which namespaces there are, and say whose each is.")
api_key = _group("Make, list and end the API keys of machines.")
token = _group("Make short-lived tokens for services.")
subscription = _group("Have changes told by webhook, and see how that goes.")
fleet = _group("See who is on which revision, or wait for them.")
audit = _group("See what was recorded, and prove that it is whole.")
compliance = _group("Report what can be seen of a framework's controls.")
rotation = _group("Follow the rotations of secrets, and take them back.")
schedule = _group("Say when secrets rotate by themselves.")
tenant = _group("Create and read tenants (platform administrators).")


def _version(wanted: bool) -> None:  # noqa: FBT001 (a callback's only parameter)
    if wanted:
        typer.echo(f"llm-config {version('llm-config-manager')}")
        raise typer.Exit


@app.callback()
def shared(
    context: typer.Context,
    *,
    output: Output = None,
    url: Url = None,
    profile: ProfileName = None,
    debug: Debug = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="say which version this is")
    ] = False,
) -> None:
    """Configs and secrets of LLM services: versioned, explained, sealed."""
    context.obj = {"output": output, "url": url, "profile": profile, "debug": debug}


app.add_typer(config, name="config")
app.add_typer(secret, name="secret")
app.add_typer(cache, name="cache")
app.add_typer(namespace, name="namespace")
app.add_typer(api_key, name="api-key")
app.add_typer(token, name="token")
app.add_typer(subscription, name="subscription")
app.add_typer(fleet, name="fleet")
app.add_typer(audit, name="audit")
app.add_typer(compliance, name="compliance")
rotation.add_typer(schedule, name="schedule")
app.add_typer(rotation, name="rotation")
app.add_typer(tenant, name="tenant")
