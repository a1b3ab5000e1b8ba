"""`llm-config config ...`, and its short forms `get` and `set`."""

from typing import Annotated

import typer

from llm_config_client import calls
from llm_config_client.cli import values
from llm_config_client.cli.app import app, config
from llm_config_client.cli.commands import (
    Classification,
    Create,
    Environment,
    IfMatch,
    Path,
    Reason,
    Session,
    Tag,
    Version,
    command,
)
from llm_config_client.cli.failures import Usage
from llm_config_client.cli.screen import Printed
from llm_config_client.namespaces import Gathering

Value = Annotated[str | None, typer.Argument(metavar="JSON", help="the value, or - for stdin", show_default=False)]
File = Annotated[str | None, typer.Option("--file", metavar="F", help="a file with the value as JSON")]
AnyPath = Annotated[str | None, typer.Argument(metavar="PATH", help="namespace/.../key", show_default=False)]
Whole = Annotated[str | None, typer.Option("--namespace", metavar="NS", help="every key of this namespace")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="TIME|REV", help="as it stood then")]
Reveal = Annotated[bool, typer.Option("--reveal", help="put secrets in the place of references")]


@command(
    (config, "put"),
    (app, "set"),
    examples=[
        '''llm-config config put app/database '{"pool_size": 50}' --env production --reason "more load"''',
        "llm-config config put app/database --file database.json --env staging --if-match 3",
        "generate | llm-config config put app/database - --env development --create",
    ],
)
def put(
    session: Session,
    *,
    path: Path,
    value: Value = None,
    file: File = None,
    env: Environment = None,
    reason: Reason = None,
    tag: Tag = None,
    classification: Classification = None,
    if_match: IfMatch = None,
    create: Create = False,
) -> Printed:
    """Store a config as its next version."""
    from llm_config_client.cli import tables

    call = calls.put_config(
        path,
        values.config_value(value, file),
        environment=session.environment(env),
        reason=reason,
        tags=values.tags(tag),
        classification=classification,
        if_match=values.entity_tag(if_match),
        if_none_match="*" if create else None,
    )
    return session.show(session.send(call), tables.stored)


@command(
    (config, "get"),
    (app, "get"),
    examples=[
        "llm-config config get app/database --env production",
        "llm-config config get app/database --env production --version 3 -o json",
    ],
)
def get(session: Session, *, path: Path, env: Environment = None, version: Version = None) -> Printed:
    """Read exactly one environment's entry of a config."""
    from llm_config_client.cli import tables

    return session.show(
        session.send(calls.get_config(path, environment=session.environment(env), version=version)), tables.config
    )


@command(
    (config, "resolve"),
    examples=[
        "llm-config config resolve app/database --env production",
        "llm-config config resolve gateway/primary --env production --reveal -o json",
        "llm-config config resolve --namespace app --env production         (every key of it)",
    ],
)
def resolve(
    session: Session,
    *,
    path: AnyPath = None,
    namespace: Whole = None,
    env: Environment = None,
    reveal: Reveal = False,
    as_of: AsOf = None,
) -> Printed:
    """Read a config, or a whole namespace, as a service gets it.

    Along the environment chain; of a namespace all keys at one revision.
    """
    from llm_config_client.cli import tables

    environment = session.environment(env)
    if path is None or namespace is not None:
        if as_of is not None:
            raise Usage("--as-of is for one config: name it by its PATH")
        return _resolve_namespace(session, path, namespace, environment, reveal=reveal)
    call = calls.resolve(path, environment=environment, secrets="reveal" if reveal else None, as_of=as_of)
    return session.show(session.send(call), lambda found: tables.resolved(path, found))


def _resolve_namespace(
    session: Session, path: str | None, namespace: str | None, environment: str, *, reveal: bool
) -> Printed:
    from llm_config_client.cli import rows

    if path is not None or namespace is None:
        raise Usage("say what to resolve: a PATH, or --namespace NS for every key of it")
    if reveal:
        raise Usage("--reveal is for one config: name it by its PATH")
    gathering = Gathering(namespace, environment)
    while (asked := gathering.next()) is not None:
        gathering.add(session.send(asked))
    return session.show_document(gathering.document(), lambda: rows.namespace(namespace, gathering.whole()))


@command((config, "explain"), examples=["llm-config config explain app/database --env production"])
def explain(session: Session, *, path: Path, env: Environment = None, as_of: AsOf = None) -> Printed:
    """Say for each leaf where it came from, who wrote it, and why."""
    from llm_config_client.cli import tables

    call = calls.resolve(path, environment=session.environment(env), explain=True, as_of=as_of)
    return session.show(session.send(call), lambda found: tables.explained(path, found))
