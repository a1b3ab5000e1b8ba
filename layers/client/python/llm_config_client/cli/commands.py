"""What every command shares: the options that each takes, the session that it gets, and how it is entered in the app."""

import functools
import inspect
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Concatenate, Literal, ParamSpec, TypeVar

import typer
from pydantic import BaseModel

from llm_config_client.cli import screen
from llm_config_client.cli.failures import Usage
from llm_config_client.cli.screen import Printed
from llm_config_client.cli.settings import Settings, settings
from llm_config_client.client import Client
from llm_config_client.core import Answer, Call
from llm_config_domain import json_text
from llm_config_domain.json_text import Json

P = ParamSpec("P")
T = TypeVar("T", bound=BaseModel)
Format = Literal["table", "json", "yaml"]

Output = Annotated[Format | None, typer.Option("-o", "--output", help="table (for people), json (the answer), yaml")]
Url = Annotated[str | None, typer.Option("--url", metavar="URL", help="the server; LLM_CONFIG_URL")]
ProfileName = Annotated[str | None, typer.Option("--profile", metavar="NAME", help="a profile of the configuration")]
Debug = Annotated[bool, typer.Option("--debug", help="say where a defect happened")]
Path = Annotated[str, typer.Argument(metavar="PATH", help="namespace/.../key", show_default=False)]
Environment = Annotated[
    str | None,
    typer.Option("--env", metavar="E", help="global, development, staging, production, edge; LLM_CONFIG_ENV"),
]
Version = Annotated[int | None, typer.Option("--version", metavar="N", help="an older version")]
Only = Annotated[str | None, typer.Option("--env", metavar="E", help="only this environment; all when left out")]
Glob = Annotated[
    str | None, typer.Option("--namespace", metavar="GLOB", help="a namespace, or all below one: 'team/*'")
]
Limit = Annotated[
    int | None, typer.Option("--limit", metavar="N", help="at most so many, 1 to 1000; all when left out")
]
Reason = Annotated[str | None, typer.Option("--reason", "-r", metavar="TEXT", help="why; kept in the history")]
Yes = Annotated[bool, typer.Option("--yes", help="do not ask")]
Tag = Annotated[list[str] | None, typer.Option("--tag", metavar="K=V", help="may be repeated")]
Classification = Annotated[
    str | None, typer.Option("--classification", metavar="C", help="public, internal, confidential, restricted")
]
IfMatch = Annotated[str | None, typer.Option("--if-match", metavar="V", help="only if version V is the current one")]
Create = Annotated[bool, typer.Option("--create", help="only if there is none yet")]

SHARED: dict[str, Any] = {"output": Output, "url": Url, "profile": ProfileName, "debug": Debug}


@dataclass(slots=True)
class Session:
    """One run of a command: where it talks to, and how it shows what it hears."""

    settings: Settings
    output: Format | None
    client: Client

    def send(self, call: Call[T]) -> Answer[T]:
        """Where LLM_CONFIG_RECEIPTS names a directory, the receipt of the answer is kept there."""
        directory = os.environ.get(RECEIPTS)
        if not directory:
            return self.client.send(call)
        from llm_config_client.cli.receipts import keep

        answer = self.client.send(call.with_receipt)
        keep(answer.receipt, directory)
        return answer

    def environment(self, given: str | None) -> str:
        """Raises Usage: no environment is ever assumed, and production least of all."""
        found = given or self.settings.environment
        if not found:
            raise Usage(
                "name the environment: --env E",
                "LLM_CONFIG_ENV, or 'environment' in a profile, sets it for every command; there is no default",
            )
        return found

    def show(self, answer: Answer[T], table: Callable[[T], Sequence[Any]]) -> Printed:
        """The answer as it was asked for; json is the very text that came."""
        if self.output == "json":
            return Printed(screen.json_line(answer.text))
        return self.show_document(answer.document, lambda: table(answer.body))

    def show_document(self, document: Json, table: Callable[[], Sequence[Any]], *, exit_code: int = 0) -> Printed:
        """`document` as it was asked for; `table` is drawn only when it is wanted."""
        if self.output == "json":
            return Printed(screen.json_line(json_text.write(document)), exit_code)
        text = screen.yaml(document) if self.output == "yaml" else screen.draw(table())
        return Printed(text, exit_code)


RECEIPTS = "LLM_CONFIG_RECEIPTS"
Run = Callable[Concatenate[Session, P], Printed]


def command(*places: tuple[typer.Typer, str], examples: Sequence[str]) -> Callable[[Run[P]], Run[P]]:
    """Enters a function in the app, with the shared options after its own, under one name or several."""

    def enter(run: Run[P]) -> Run[P]:
        for app, name in places:
            app.command(name, epilog=epilog(examples))(_with_session(run))
        return run

    return enter


def epilog(examples: Sequence[str]) -> str:
    return "\b\nExamples:\n" + "\n".join(f"  {example}" for example in examples)


def _with_session(run: Callable[..., Printed]) -> Callable[..., Printed]:
    @functools.wraps(run)
    def with_session(context: typer.Context, **options: Any) -> Printed:
        shared = {name: options.pop(name) or context.obj.get(name) for name in SHARED}
        found = settings(os.environ, url=shared["url"], profile=shared["profile"])
        server = found.server
        danger = server.danger_allow_plain_http
        with Client(server.url, server.token, danger_allow_plain_http=danger, watch_url=server.watch_url) as client:
            return run(Session(found, shared["output"], client), **options)

    own = list(inspect.signature(run).parameters.values())[1:]
    common = [_option(name, annotation) for name, annotation in SHARED.items()]
    first = inspect.Parameter("context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    parameters = [first, *(each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own), *common]
    vars(with_session).update(__signature__=inspect.Signature(parameters))
    with_session.__annotations__ = {each.name: each.annotation for each in parameters}
    return with_session


def _option(name: str, annotation: Any) -> inspect.Parameter:
    default = False if name == "debug" else None
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
