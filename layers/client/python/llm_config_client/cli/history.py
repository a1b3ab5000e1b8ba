"""`llm-config config list | history | diff | rollback | restore | delete`: what there is, what was, and the way back."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from llm_config_client import calls
from llm_config_client.cli import listings, questions, screen, values
from llm_config_client.cli.app import config
from llm_config_client.cli.commands import (
    Environment,
    Glob,
    IfMatch,
    Limit,
    Only,
    Path,
    Reason,
    Session,
    Yes,
    command,
)
from llm_config_client.cli.failures import Usage
from llm_config_client.cli.screen import Printed
from llm_config_contract.configs import ConfigDiff
from llm_config_domain import json_text
from llm_config_domain.errors import NotFound

WithTag = Annotated[str | None, typer.Option("--tag", metavar="K:V", help="only what carries this tag")]
Holding = Annotated[str | None, typer.Option("--query", "-q", metavar="TEXT", help="only paths that hold this text")]
From = Annotated[int | None, typer.Option("--from", metavar="N", help="a version; the one before --to when left out")]
To = Annotated[int | None, typer.Option("--to", metavar="N", help="another version; the newest when left out")]
Raw = Annotated[bool, typer.Option("--patch", help="the bare JSON Patch (RFC 6902), for 'config patch'")]
Back = Annotated[int | None, typer.Option("--version", metavar="N", help="the version to bring back")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="TIME", help="what stood then: 2026-01-31T09:00:00Z")]


@command(
    (config, "list"),
    examples=[
        "llm-config config list --namespace 'models/*' --env production",
        "llm-config config list --tag team:core -o json",
    ],
)
def list_(
    session: Session,
    *,
    namespace: Glob = None,
    env: Only = None,
    tag: WithTag = None,
    query: Holding = None,
    limit: Limit = None,
) -> Printed:
    """List configs, without their values."""
    from llm_config_client.cli import rows

    found = listings.gather(
        session, calls.list_configs, namespace=namespace, environment=env, tag=tag, q=query, limit=limit
    )
    return listings.show(session, found, rows.configs, f"no configs{listings.place(namespace, env)}")


@command(
    (config, "history"),
    examples=[
        "llm-config config history app/database --env production",
        "llm-config config history app/database --env production --limit 5",
    ],
)
def history(session: Session, *, path: Path, env: Environment = None, limit: Limit = None) -> Printed:
    """Show the versions of a config: when, by whom and why."""
    from llm_config_client.cli import rows

    environment = session.environment(env)
    found = listings.gather(session, calls.list_config_versions, path=path, environment=environment, limit=limit)
    return listings.show(session, found, rows.history, f"no versions{listings.place(path, environment)}")


@command(
    (config, "diff"),
    examples=[
        "llm-config config diff app/database --env production",
        "llm-config config diff app/database --env production --from 3 --to 7",
        "llm-config config diff app/database --env production --from 7 --to 3 --patch > undo.json",
    ],
)
def diff(
    session: Session,
    *,
    path: Path,
    env: Environment = None,
    from_version: From = None,
    to_version: To = None,
    raw: Raw = False,
) -> Printed:
    """Show what changed between two versions of a config."""
    environment = session.environment(env)
    to = _newest(session, path, environment) if to_version is None else to_version
    since = to - 1 if from_version is None else from_version
    if since == 0:
        raise NotFound("there is no version before the first to compare it with")
    answer = session.send(calls.diff_config(path, environment=environment, from_version=since, to_version=to))
    if raw:
        return Printed(screen.json_line(json_text.write(answer.document["patch"])))
    return session.show(answer, lambda found: _lines(session, path, environment, found))


def _newest(session: Session, path: str, environment: str) -> int:
    page = session.send(calls.list_config_versions(path, environment=environment, limit=1)).body
    if not page.items:
        raise NotFound("there is no such config in this environment")
    return page.items[0].version


def _lines(session: Session, path: str, environment: str, found: ConfigDiff) -> Sequence[Any]:
    """People want to see what was there before, which a patch does not say."""
    from llm_config_client.cli import differences

    old = session.send(calls.get_config(path, environment=environment, version=found.from_)).body
    return differences.lines(path, environment, found, old.value)


@command(
    (config, "rollback"),
    examples=[
        'llm-config config rollback app/database --version 3 --env production --reason "too slow"',
        "llm-config config rollback app/database --as-of 2026-01-31T09:00:00Z --env production",
    ],
)
def rollback(
    session: Session,
    *,
    path: Path,
    version: Back = None,
    as_of: AsOf = None,
    env: Environment = None,
    reason: Reason = None,
    if_match: IfMatch = None,
) -> Printed:
    """Bring an earlier version of a config back, as a new one."""
    from llm_config_client.cli import tables

    if (version is None) == (as_of is None):
        raise Usage("say where to go back to: --version N, or --as-of TIME", "'llm-config config history' shows both")
    call = calls.rollback_config(
        path,
        environment=session.environment(env),
        version=version,
        as_of=as_of,
        reason=reason,
        if_match=values.entity_tag(if_match),
    )
    return session.show(session.send(call), tables.stored)


@command((config, "restore"), examples=['llm-config config restore app/database --env production --reason "needed"'])
def restore(
    session: Session, *, path: Path, env: Environment = None, reason: Reason = None, if_match: IfMatch = None
) -> Printed:
    """Bring a deleted config back, as a new version."""
    from llm_config_client.cli import tables

    environment, tag = session.environment(env), values.entity_tag(if_match)
    call = calls.restore_config(path, environment=environment, reason=reason, if_match=tag)
    return session.show(session.send(call), tables.stored)


@command(
    (config, "delete"),
    examples=[
        'llm-config config delete app/database --env staging --reason "not used"',
        "llm-config config delete app/database --env staging --if-match 3 --yes",
    ],
)
def delete(
    session: Session,
    *,
    path: Path,
    env: Environment = None,
    reason: Reason = None,
    if_match: IfMatch = None,
    yes: Yes = False,
) -> Printed:
    """Delete a config; 'config restore' brings it back."""
    from llm_config_client.cli import tables

    environment, tag = session.environment(env), values.entity_tag(if_match)
    questions.sure(f"delete {screen.shown(path)} in {environment}?", yes=yes)
    answer = session.send(calls.delete_config(path, environment=environment, reason=reason, if_match=tag))
    version = answer.headers.get("etag", "").strip('"')
    told = {"path": path, "environment": environment, "version": int(version) if version.isdecimal() else None}
    return session.show_document(told, lambda: tables.deleted("config", path, environment))
