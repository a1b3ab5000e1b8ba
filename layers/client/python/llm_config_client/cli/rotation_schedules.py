"""`llm-config rotation schedule ...`: when a secret rotates by itself."""

from typing import Annotated

import typer

from llm_config_client import calls
from llm_config_client.cli import values
from llm_config_client.cli.app import schedule
from llm_config_client.cli.commands import Environment, Path, Reason, Session, command
from llm_config_client.cli.rotations import Grace
from llm_config_client.cli.screen import Printed

Text = Annotated[
    str,
    typer.Argument(metavar="SCHEDULE", help="'0 3 * * SUN', 'rate(12 hours)', 90d, quarterly", show_default=False),
]
TimeZone = Annotated[str | None, typer.Option("--timezone", metavar="TZ", help="a name of the IANA database; UTC")]
Disabled = Annotated[bool, typer.Option("--disabled", help="keep it, but let nothing happen")]
Target = Annotated[
    str | None, typer.Option("--target", metavar="FILE", help="where the credential is valid: JSON, or - for stdin")
]
Count = Annotated[int | None, typer.Option("--count", metavar="N", help="how many times, 1 to 100")]
Begin = Annotated[str | None, typer.Option("--from", metavar="T", help="from when on (RFC 3339); now when left out")]


@command(
    (schedule, "set"),
    examples=[
        "llm-config rotation schedule set keys/anthropic 90d --env production",
        "llm-config rotation schedule set db/main '0 3 * * SUN' --timezone Europe/Zurich --env production",
        "llm-config rotation schedule set db/main weekly --target postgres.json --env production",
    ],
)
def set_(
    session: Session,
    *,
    path: Path,
    text: Text,
    env: Environment = None,
    timezone: TimeZone = None,
    grace: Grace = None,
    target: Target = None,
    disabled: Disabled = False,
    reason: Reason = None,
) -> Printed:
    """Say when a secret rotates by itself."""
    from llm_config_client.cli import rotation_tables

    call = calls.put_rotation_schedule(
        path,
        text,
        environment=session.environment(env),
        timezone=timezone,
        grace_seconds=grace,
        target=values.target(target),
        enabled=not disabled,
        reason=reason,
    )
    return session.show(session.send(call), rotation_tables.schedule)


@command((schedule, "show"), examples=["llm-config rotation schedule show keys/anthropic --env production"])
def show(session: Session, *, path: Path, env: Environment = None) -> Printed:
    """When a secret rotates by itself."""
    from llm_config_client.cli import rotation_tables

    call = calls.get_rotation_schedule(path, environment=session.environment(env))
    return session.show(session.send(call), rotation_tables.schedule)


@command((schedule, "remove"), examples=["llm-config rotation schedule remove keys/anthropic --env production"])
def remove(session: Session, *, path: Path, env: Environment = None) -> Printed:
    """Let a secret rotate no more by itself."""
    from llm_config_client.cli import rotation_tables

    environment = session.environment(env)
    session.send(calls.delete_rotation_schedule(path, environment=environment))
    told = {"path": path, "environment": environment}
    return session.show_document(told, lambda: rotation_tables.unscheduled(path, environment))


@command(
    (schedule, "preview"),
    examples=["llm-config rotation schedule preview '30 2 * * *' --timezone Europe/Zurich --count 3"],
)
def preview(
    session: Session, *, text: Text, begin: Begin = None, count: Count = None, timezone: TimeZone = None
) -> Printed:
    """When a schedule would come; nothing is kept."""
    from llm_config_client.cli import rotation_tables

    call = calls.preview_schedule(text, begin=begin, count=count, timezone=timezone)
    return session.show(session.send(call), rotation_tables.preview)
