"""`llm-config config watch`: what changes, as it changes."""

import sys
import time
from collections.abc import Iterator
from typing import Annotated, NoReturn

import typer

from llm_config_client.cli import screen
from llm_config_client.cli.app import config
from llm_config_client.cli.commands import Glob, Only, Session, command
from llm_config_client.cli.screen import Printed
from llm_config_client.core import Answer
from llm_config_client.feeds import Feed
from llm_config_contract.configs import Changes
from llm_config_domain import json_text

Since = Annotated[
    str | None,
    typer.Option("--since", metavar="TOKEN", help="'next' of an earlier answer; 0 is the beginning; now when left out"),
]
Once = Annotated[bool, typer.Option("--once", help="what changed until now (from the beginning), then end")]


@command(
    (config, "watch"),
    examples=[
        "llm-config config watch --namespace 'models/*' --env production",
        "llm-config config watch --namespace app --since 0 --once -o json",
    ],
)
def watch(
    session: Session,
    *,
    namespace: Glob = None,
    env: Only = None,
    since: Since = None,
    once: Once = False,
) -> Printed:
    """Show what changes, as it changes, until Ctrl-C.

    A line each, of -o json a line each answer; 'next' in it goes on where it ended.
    """
    feed = Feed(namespace or "*", since or "0", env, 0.0, time.monotonic)
    if once:
        return _until_now(session, feed)
    if since is None:
        for _ in _passed(session, feed):
            pass
        _note(session, "watching; Ctrl-C ends it\n")
    return _for_ever(session, namespace or "*", feed.token, env)


def _for_ever(session: Session, namespace: str, since: str, environment: str | None) -> NoReturn:
    """Printed as it comes: there is no end at which it could be printed whole."""
    for answer in session.client.watch_answers(namespace, since, environment=environment):
        if answer.body.gap:
            _note(session, "the feed does not have this place any more: here it is from its beginning\n")
        if answer.body.changes:
            sys.stdout.write(_told(session, answer))
            sys.stdout.flush()
    raise AssertionError("a watch has no end")


def _passed(session: Session, feed: Feed) -> Iterator[Answer[Changes]]:
    """What is in the feed already."""
    token = None
    while feed.token != token:
        token = feed.token
        answer = session.send(feed.next(wait=0))
        feed.hear(answer.body)
        yield answer


def _until_now(session: Session, feed: Feed) -> Printed:
    from rich.text import Text

    from llm_config_client.cli import rows

    answers = list(_passed(session, feed))
    changes = [change for answer in answers for change in answer.body.changes]
    documents = [change for answer in answers for change in answer.document["changes"]]
    return session.show_document(
        {"changes": documents, "next": feed.token},
        lambda: rows.changes(changes) if changes else [Text("no changes", style="dim")],
    )


def _told(session: Session, answer: Answer[Changes]) -> str:
    """A line of JSON, a document of YAML, or a line for each change."""
    from llm_config_client.cli import rows

    if session.output == "json":
        return screen.json_line(json_text.write(answer.document))
    if session.output == "yaml":
        return "---\n" + screen.yaml(answer.document)
    return screen.draw([rows.change(change) for change in answer.body.changes])


def _note(session: Session, text: str) -> None:
    if session.output in (None, "table") and sys.stderr.isatty():
        sys.stderr.write(text)
