"""`llm-config secret list | versions | activate | revoke | copy | move | delete | ...`: everything but the value."""

from collections.abc import Callable
from typing import Annotated

import typer

from llm_config_client import calls
from llm_config_client.cli import listings, questions, screen, values
from llm_config_client.cli.app import secret
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
from llm_config_client.cli.screen import Printed
from llm_config_client.core import Call
from llm_config_contract.secrets import SecretMetadata

One = Annotated[int, typer.Option("--version", metavar="N", help="which version", show_default=False)]
To = Annotated[str, typer.Option("--to", metavar="PATH", help="the other name", show_default=False)]
ToEnvironment = Annotated[str | None, typer.Option("--to-env", metavar="E", help="its environment, if another")]
Several = Annotated[list[int], typer.Option("--version", metavar="N", help="may be repeated", show_default=False)]


@command((secret, "list"), examples=["llm-config secret list --namespace 'keys/*' --env production"])
def list_(session: Session, *, namespace: Glob = None, env: Only = None, limit: Limit = None) -> Printed:
    """List secrets: what there is, never a value."""
    from llm_config_client.cli import rows

    found = listings.gather(session, calls.list_secrets, namespace=namespace, environment=env, limit=limit)
    return listings.show(session, found, rows.secrets, f"no secrets{listings.place(namespace, env)}")


@command((secret, "versions"), examples=["llm-config secret versions keys/anthropic --env production"])
def versions(session: Session, *, path: Path, env: Environment = None, limit: Limit = None) -> Printed:
    """Show the versions of a secret and their stages."""
    from llm_config_client.cli import rows

    environment = session.environment(env)
    found = listings.gather(session, calls.list_secret_versions, path=path, environment=environment, limit=limit)
    return listings.show(session, found, rows.secret_versions, f"no versions{listings.place(path, environment)}")


@command(
    (secret, "activate"),
    examples=['llm-config secret activate keys/anthropic --version 4 --env production --reason "tested"'],
)
def activate(
    session: Session,
    *,
    path: Path,
    version: One,
    env: Environment = None,
    reason: Reason = None,
    if_match: IfMatch = None,
) -> Printed:
    """Make a version that waits, or an earlier one, the current one."""
    from llm_config_client.cli import tables

    environment, tag = session.environment(env), values.entity_tag(if_match)
    call = calls.activate_secret(path, environment=environment, version=version, reason=reason, if_match=tag)
    return session.show(session.send(call), tables.metadata)


@command(
    (secret, "revoke"),
    examples=['llm-config secret revoke keys/anthropic --version 3 --env production --reason "leaked"'],
)
def revoke(
    session: Session,
    *,
    path: Path,
    version: One,
    env: Environment = None,
    reason: Reason = None,
    if_match: IfMatch = None,
) -> Printed:
    """Take a version out of use: nobody reads it any more."""
    from llm_config_client.cli import tables

    environment, tag = session.environment(env), values.entity_tag(if_match)
    call = calls.revoke_secret(path, environment=environment, version=version, reason=reason, if_match=tag)
    return session.show(session.send(call), tables.metadata)


@command(
    (secret, "copy"),
    examples=["llm-config secret copy keys/anthropic --to keys/anthropic --to-env production --env staging"],
)
def copy(
    session: Session,
    *,
    path: Path,
    to: To,
    to_env: ToEnvironment = None,
    env: Environment = None,
    reason: Reason = None,
    if_match: IfMatch = None,
) -> Printed:
    """Give its value to another name or environment too; unread."""
    return _carry(session, calls.copy_secret, path, to, to_env, env, reason=reason, if_match=if_match)


@command(
    (secret, "move"),
    examples=["llm-config secret move keys/claude --to keys/anthropic --env production"],
)
def move(
    session: Session,
    *,
    path: Path,
    to: To,
    to_env: ToEnvironment = None,
    env: Environment = None,
    reason: Reason = None,
    if_match: IfMatch = None,
) -> Printed:
    """Give a secret another name or environment; unread."""
    return _carry(session, calls.move_secret, path, to, to_env, env, reason=reason, if_match=if_match)


def _carry(
    session: Session,
    build: Callable[..., Call[SecretMetadata]],
    path: str,
    to: str,
    to_env: str | None,
    env: str | None,
    *,
    reason: str | None,
    if_match: str | None,
) -> Printed:
    from llm_config_client.cli import tables

    environment, tag = session.environment(env), values.entity_tag(if_match)
    call = build(
        path, environment=environment, to_path=to, to_environment=to_env or environment, reason=reason, if_match=tag
    )
    return session.show(session.send(call), tables.metadata)


@command((secret, "restore"), examples=["llm-config secret restore keys/anthropic --env production"])
def restore(
    session: Session, *, path: Path, env: Environment = None, reason: Reason = None, if_match: IfMatch = None
) -> Printed:
    """Bring a deleted secret back."""
    from llm_config_client.cli import tables

    environment, tag = session.environment(env), values.entity_tag(if_match)
    call = calls.restore_secret(path, environment=environment, reason=reason, if_match=tag)
    return session.show(session.send(call), tables.metadata)


@command((secret, "delete"), examples=['llm-config secret delete keys/old --env staging --reason "not used" --yes'])
def delete(
    session: Session,
    *,
    path: Path,
    env: Environment = None,
    reason: Reason = None,
    if_match: IfMatch = None,
    yes: Yes = False,
) -> Printed:
    """Delete a secret; 'secret restore' brings it back."""
    from llm_config_client.cli import tables

    environment, tag = session.environment(env), values.entity_tag(if_match)
    questions.sure(f"delete {screen.shown(path)} in {environment}?", yes=yes)
    session.send(calls.delete_secret(path, environment=environment, reason=reason, if_match=tag))
    told = {"path": path, "environment": environment}
    return session.show_document(told, lambda: tables.deleted("secret", path, environment))


@command(
    (secret, "destroy"),
    examples=[
        'llm-config secret destroy keys/anthropic --version 3 --env production --reason "leaked"',
        "llm-config secret destroy keys/anthropic --version 1 --version 2 --env production --yes",
    ],
)
def destroy(
    session: Session,
    *,
    path: Path,
    version: Several,
    env: Environment = None,
    reason: Reason = None,
    if_match: IfMatch = None,
    yes: Yes = False,
) -> Printed:
    """Remove the values of versions for ever. Nothing brings them back."""
    from llm_config_client.cli import rows

    environment, tag = session.environment(env), values.entity_tag(if_match)
    numbers = ", ".join(map(str, version))
    questions.sure_for_ever(f"destroy {screen.shown(path)} in {environment}, version {numbers}, for ever?", yes=yes)
    call = calls.destroy_secret(path, environment=environment, versions=version, reason=reason, if_match=tag)
    return session.show(session.send(call), lambda found: rows.secret_versions(found.versions))
