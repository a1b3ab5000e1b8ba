"""`llm-config secret rotate`, and `llm-config rotation ...`: start rotations, follow them, take them back."""

import sys
import time
from typing import Annotated

import typer

from llm_config_client import calls
from llm_config_client.cli import listings, screen
from llm_config_client.cli.app import rotation, secret
from llm_config_client.cli.commands import Environment, Limit, Only, Path, Reason, Session, command
from llm_config_client.cli.failures import HELD, OK, UNFINISHED, Usage
from llm_config_client.cli.screen import Printed
from llm_config_contract.rotations import RotationView
from llm_config_domain import json_text

Id = Annotated[str, typer.Argument(metavar="ID", show_default=False)]
Cause = Annotated[
    str | None, typer.Option("--reason", "-r", metavar="R", help="manual, scheduled, compromised, policy_change")
]
Comment = Annotated[str | None, typer.Option("--comment", metavar="TEXT", help="why, in words; kept in the history")]
Strategy = Annotated[str | None, typer.Option("--strategy", metavar="S", help="dual, immediate, canary")]
Notice = Annotated[int | None, typer.Option("--notice", metavar="SECONDS", help="from the notice to the promotion")]
Grace = Annotated[int | None, typer.Option("--grace", metavar="SECONDS", help="both versions are valid for so long")]
Quiet = Annotated[
    int | None, typer.Option("--quiet", metavar="SECONDS", help="nobody used the old version for so long")
]
Missing = Annotated[
    str | None, typer.Option("--missing", metavar="M", help="without acknowledgement: proceed, hold, abort")
]
Watch = Annotated[bool, typer.Option("--watch", help="follow it to its end")]
Interval = Annotated[float, typer.Option("--interval", metavar="S", help="seconds between two looks")]
Status = Annotated[
    str | None,
    typer.Option("--status", metavar="S", help="running, held, completed, failed, aborted, rolled_back"),
]
OfSecret = Annotated[str | None, typer.Option("--secret", metavar="PATH", help="only those of this secret")]
Service = Annotated[str, typer.Option("--service", metavar="NAME", help="who is ready")]
_EXIT_CODES = {"running": OK, "completed": OK, "held": HELD}


@command(
    (secret, "rotate"),
    examples=[
        "llm-config secret rotate keys/anthropic --env production --watch",
        'llm-config secret rotate keys/anthropic --env production --reason compromised --comment "in a log"',
        "llm-config secret rotate db/main --env staging --grace 3600 --missing hold",
    ],
)
def rotate(
    session: Session,
    *,
    path: Path,
    env: Environment = None,
    reason: Cause = None,
    comment: Comment = None,
    strategy: Strategy = None,
    notice: Notice = None,
    grace: Grace = None,
    quiet: Quiet = None,
    missing: Missing = None,
    watch: Watch = False,
    interval: Interval = 1.0,
) -> Printed:
    """Rotate a secret: in stages, the old version valid as long as somebody uses it."""
    from llm_config_client.cli import rotation_tables

    _check(interval)
    call = calls.start_rotation(
        path,
        environment=session.environment(env),
        reason=reason,
        comment=comment,
        strategy=strategy,
        notice_seconds=notice,
        grace_seconds=grace,
        quiet_seconds=quiet,
        missing_acknowledgement=missing,
    )
    answer = session.send(call)
    if watch:
        return _followed(session, answer.body.rotation_id, interval)
    return session.show(answer, rotation_tables.started)


@command(
    (rotation, "list"),
    examples=["llm-config rotation list --status held", "llm-config rotation list --secret keys/anthropic"],
)
def list_(
    session: Session, *, status: Status = None, secret: OfSecret = None, env: Only = None, limit: Limit = None
) -> Printed:
    """List rotations, newest first."""
    from llm_config_client.cli import rotation_tables

    listing = listings.gather(session, calls.list_rotations, limit=limit, status=status, secret=secret, environment=env)
    return listings.show(session, listing, rotation_tables.rotations, "no rotations")


@command((rotation, "show"), examples=["llm-config rotation show 01J9ZQ3N8T6M5W4V2K1H0G7F5E"])
def show(session: Session, *, id: Id) -> Printed:  # noqa: A002 (the wire's word)
    """Where a rotation stands, and what has happened in it."""
    from llm_config_client.cli import rotation_tables

    return session.show(session.send(calls.get_rotation(id)), rotation_tables.rotation)


@command((rotation, "watch"), examples=["llm-config rotation watch 01J9ZQ3N8T6M5W4V2K1H0G7F5E"])
def watch(session: Session, *, id: Id, interval: Interval = 1.0) -> Printed:  # noqa: A002 (the wire's word)
    """Follow a rotation to its end; the exit code tells the outcome.

    On a terminal a picture that lives; elsewhere a line a step, of -o json a line of JSON.
    """
    _check(interval)
    return _followed(session, id, interval)


@command((rotation, "ack"), examples=["llm-config rotation ack 01J9ZQ3N8T6M5W4V2K1H0G7F5E --service gateway"])
def ack(session: Session, *, id: Id, service: Service) -> Printed:  # noqa: A002 (the wire's word)
    """Say that a service is ready for the new version."""
    from llm_config_client.cli import rotation_tables

    return session.show(session.send(calls.acknowledge_rotation(id, service)), rotation_tables.rotation)


@command((rotation, "abort"), examples=['llm-config rotation abort 01J9ZQ3N8T6M5W4V2K1H0G7F5E --reason "not today"'])
def abort(session: Session, *, id: Id, reason: Reason = None) -> Printed:  # noqa: A002 (the wire's word)
    """Take a rotation back: the old version stays, or is, in use."""
    from llm_config_client.cli import rotation_tables

    return session.show(session.send(calls.abort_rotation(id, reason=reason)), rotation_tables.rotation)


@command((rotation, "resume"), examples=["llm-config rotation resume 01J9ZQ3N8T6M5W4V2K1H0G7F5E"])
def resume(session: Session, *, id: Id, reason: Reason = None) -> Printed:  # noqa: A002 (the wire's word)
    """Let a rotation that is held go on."""
    from llm_config_client.cli import rotation_tables

    return session.show(session.send(calls.resume_rotation(id, reason=reason)), rotation_tables.rotation)


def _check(interval: float) -> None:
    if not 0 <= interval <= 3600:
        raise Usage("--interval is seconds, 0 to 3600")


def _followed(session: Session, rotation_id: str, interval: float) -> Printed:
    """Printed as it comes; what is returned has been written, but for the exit code."""
    if screen.is_terminal() and session.output not in ("json", "yaml"):
        return _live(session, rotation_id, interval)
    told = 0
    while True:
        answer = session.send(calls.get_rotation(rotation_id))
        found: RotationView = answer.body
        sys.stdout.write(_steps(session, found, told))
        sys.stdout.flush()
        told = max(told, len(found.steps))
        if found.status != "running":
            return Printed(_end(session, found), _EXIT_CODES.get(found.status, UNFINISHED))
        time.sleep(interval)


def _live(session: Session, rotation_id: str, interval: float) -> Printed:
    from llm_config_client.cli import rotation_live

    found = rotation_live.follow(lambda: session.send(calls.get_rotation(rotation_id)).body, interval)
    return Printed("", _EXIT_CODES.get(found.status, UNFINISHED))


def _steps(session: Session, found: RotationView, told: int) -> str:
    from llm_config_client.cli import rotation_tables

    new = found.steps[told:]
    if session.output == "json":
        return "".join(screen.json_line(json_text.write(step.model_dump())) for step in new)
    if session.output == "yaml":
        return "".join("---\n" + screen.yaml(step.model_dump()) for step in new)
    return screen.draw([rotation_tables.step(step) for step in new]) if new else ""


def _end(session: Session, found: RotationView) -> str:
    from llm_config_client.cli import rotation_tables

    return "" if session.output in ("json", "yaml") else screen.draw([rotation_tables.end(found)])
