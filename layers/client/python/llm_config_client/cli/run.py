"""`llm-config run`: a program with a namespace as its environment variables."""

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Annotated, NoReturn

import typer

from llm_config_client import calls, variables
from llm_config_client.cli.app import app
from llm_config_client.cli.commands import Environment, Session, command
from llm_config_client.cli.failures import Usage
from llm_config_client.cli.screen import Printed, shown
from llm_config_contract.resolved import ResolvedItem
from llm_config_domain.errors import PermissionDenied, Violation
from llm_config_domain.json_text import Json

Namespace = Annotated[str, typer.Option("--namespace", metavar="NS", help="whose keys", show_default=False)]
Reveal = Annotated[bool, typer.Option("--reveal", help="also what refers to secrets, with the secrets in it")]
Program = Annotated[
    list[str], typer.Argument(metavar="-- CMD", help="the program and its arguments", show_default=False)
]


@command(
    (app, "run"),
    examples=[
        "llm-config run --namespace services/gateway --env production -- ./serve --port 80",
        "llm-config run --namespace services/gateway --env production --reveal -- printenv",
    ],
)
def run(
    session: Session, *, namespace: Namespace, program: Program, env: Environment = None, reveal: Reveal = False
) -> Printed:
    """Run a program with a namespace as its environment variables.

    Names are upper-cased, '.' and '-' become '_', or are what the tag env_name says; text stays text, other values are
    JSON, null takes a variable away. The exit code is the program's.
    """
    environment = session.environment(env)
    whole = session.client.resolve_namespace(namespace, environment=environment)
    listed = session.client.every(calls.list_configs, namespace=namespace, limit=1000)
    named = variables.names(listed, environment)
    values = _revealed(session, whole.items, environment) if reveal else _open(whole.items)
    _become(program, variables.variables(values, named))


def _open(items: Sequence[ResolvedItem]) -> dict[str, Json]:
    """Those without secrets. A reference is no key: a program that got one would fail far from here."""
    left_out = [shown(item.key) for item in items if variables.refers_to_secrets(item.value)]
    if left_out:
        keys = ", ".join(left_out)
        sys.stderr.write(f"note: these refer to secrets and are left out; --reveal puts them in: {keys}\n")
    return {item.key: item.value for item in items if item.key not in left_out}


def _revealed(session: Session, items: Sequence[ResolvedItem], environment: str) -> dict[str, Json]:
    values = {item.key: item.value for item in items}
    for item in items:
        if variables.refers_to_secrets(item.value):
            path = f"{item.namespace}/{item.key}"
            values[item.key] = session.client.resolve(path, environment=environment, secrets="reveal").value
    _check_revealed(values)
    return values


def _check_revealed(values: Mapping[str, Json]) -> None:
    """Where a secret may not be read, its reference stays. Raises PermissionDenied: half of what was asked for is no
    environment to start in."""
    closed = [key for key, value in values.items() if variables.refers_to_secrets(value)]
    if closed:
        violations = [Violation(f"/{key}", "reveal", "this refers to a secret that you may not read") for key in closed]
        raise PermissionDenied("some secrets are not for you to read: nothing was started", violations=violations)


def _become(program: Sequence[str], found: Mapping[str, str | None]) -> NoReturn:
    """This process is the program from here on: signals and the exit code are its own."""
    environment = {name: text for name, text in {**os.environ, **found}.items() if text is not None}
    sys.stderr.flush()
    try:
        os.execvpe(program[0], list(program), environment)  # noqa: S606 (what was typed is what is run: no shell)
    except FileNotFoundError:
        raise Usage("there is no such program", "what follows -- is the program, then its arguments") from None
    except OSError as error:
        raise Usage(f"the program cannot be started: {error.strerror}") from None
