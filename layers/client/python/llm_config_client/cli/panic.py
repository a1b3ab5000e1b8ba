"""`llm-config secret panic`: a secret has leaked. Rotate it at once, and say who has read it."""

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from llm_config_client import calls
from llm_config_client.cli import leaks, listings, questions, screen
from llm_config_client.cli.app import secret
from llm_config_client.cli.commands import Environment, Path, Session, Yes, command
from llm_config_client.cli.failures import HELD, OK, UNFINISHED, Usage
from llm_config_client.cli.screen import Printed
from llm_config_contract.audit import AuditEntry
from llm_config_contract.rotations import RotationView
from llm_config_contract.secrets import SecretMetadata
from llm_config_domain import times
from llm_config_domain.errors import Conflict, PermissionDenied, ValueRefused

Why = Annotated[
    str, typer.Option("--reason", "-r", metavar="TEXT", help="what happened; kept in the history", show_default=False)
]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="TIME", help="reads of this time on; if left out, since the version is there"),
]
Interval = Annotated[float, typer.Option("--interval", metavar="S", help="seconds between two looks")]
LONGEST_SECONDS = 300
"""So long another rotation is given to go out of the way, and ours to come to its end."""
READ, ARRIVED = "secret.accessed", ("secret.created", "secret.rotated")
AHEAD_SECONDS = 60
"""The service's clock may be ahead of ours."""


@command(
    (secret, "panic"),
    examples=[
        'llm-config secret panic keys/anthropic --env production --reason "in a public log"',
        'llm-config secret panic db/main --env production --reason "laptop lost" --since 2026-11-01T00:00:00Z --yes -o json',
    ],
)
def panic(
    session: Session,
    *,
    path: Path,
    reason: Why,
    env: Environment = None,
    since: Since = None,
    interval: Interval = 1.0,
    yes: Yes = False,
) -> Printed:
    """Answer a leak: rotate at once, revoke what leaked, purge caches, list who read it."""
    environment = session.environment(env)
    if not 0 <= interval <= 60:
        raise Usage("--interval is seconds, 0 to 60")
    begin = _time(since)
    leaked = _in_use(session, path, environment)
    questions.sure_for_ever(
        f"rotate {screen.shown(path)} in {environment} at once, and revoke what is in use?", yes=yes
    )
    ended = _rotated(session, path, environment, reason, interval)
    entries = _entries(session, path, begin or (leaked.updated_at if leaked else None))
    leak = leaks.Leak(path, environment, leaked, ended, entries, purged=_purged(session, reason))
    return session.show_document(leak.document, lambda: leaks.drawn(leak), exit_code=_exit_code(ended))


def _time(since: str | None) -> str | None:
    try:
        return times.rfc3339(times.parse(since)) if since else None
    except ValueError:
        raise Usage("--since is a time: 2026-01-31T09:00:00Z") from None


def _in_use(session: Session, path: str, environment: str) -> SecretMetadata | None:
    """The version that has leaked; None where the caller may not see it. Raises NotFound where there never was such a
    secret."""
    call = calls.list_secret_versions(path, environment=environment, limit=1000)
    try:
        return next((one for one in session.send(call).body.items if one.stage == "current"), None)
    except PermissionDenied:
        return None


def _rotated(session: Session, path: str, environment: str, reason: str, interval: float) -> RotationView | None:
    """The rotation once it has ended, or waits for a person; None where nobody has said where the value is valid."""
    call = calls.start_rotation(
        path, environment=environment, reason="compromised", comment=reason, requires_target=True
    )
    for _ in _looks(interval):
        try:
            started = session.send(call).body.rotation_id
            break
        except ValueRefused:
            return None
        except Conflict:
            _out_of_the_way(session, path, environment, reason)
    else:
        raise Conflict("another rotation of this secret does not end: see 'llm-config rotation list', then try again")
    for _ in _looks(interval):
        found = session.send(calls.get_rotation(started)).body
        if found.status != "running":
            break
    return found


def _looks(interval: float) -> Iterator[None]:
    end = time.monotonic() + LONGEST_SECONDS
    yield
    while time.monotonic() < end:
        time.sleep(interval)
        yield


def _out_of_the_way(session: Session, path: str, environment: str, reason: str) -> None:
    """Whatever else runs is taken back: what is compromised waits for nothing."""
    for status in ("running", "held"):
        query = {"status": status, "secret": path, "environment": environment}
        for one in listings.gather(session, calls.list_rotations, limit=None, **query).items:
            try:
                session.send(calls.abort_rotation(one.rotation_id, reason=reason))
            except Conflict:  # its old version goes already: it ends by itself
                continue


def _entries(session: Session, path: str, begin: str | None) -> list[AuditEntry] | None:
    """What was recorded of reads, and of copies elsewhere, the newest first. None: the caller may not see it."""
    end = times.rfc3339(times.later(datetime.now(UTC), AHEAD_SECONDS))
    query: dict[str, Any] = {"begin": begin or "1970-01-01T00:00:00Z", "end": end}
    kinds = [(READ, path.rpartition("/")[0]), *((kind, None) for kind in ARRIVED)]
    found: list[AuditEntry] = []
    try:
        for kind, namespace in kinds:
            about = {"event_type": kind, "namespace": namespace, **query}
            listing = listings.gather(session, calls.list_audit_entries, limit=None, **about)
            found += [_named(one, listing.document.get("actors", {})) for one in listing.items]
    except PermissionDenied:
        return None
    return sorted(found, key=lambda one: one.timestamp, reverse=True)


def _named(one: AuditEntry, actors: Mapping[str, str]) -> AuditEntry:
    """With the name that stands beside the entry; the pseudonym where it was erased."""
    actor = one.actor.model_copy(update={"id": actors.get(one.actor.id, one.actor.id)})
    return one.model_copy(update={"actor": actor})


def _purged(session: Session, reason: str) -> bool:
    """Whether every cache begins anew. None holds a secret: it is so that nobody has to take our word for it."""
    try:
        session.send(calls.purge_caches(reason=reason))
    except PermissionDenied:
        return False
    return True


def _exit_code(ended: RotationView | None) -> int:
    if ended is None:
        return UNFINISHED
    return {"completed": OK, "held": HELD}.get(ended.status, UNFINISHED)
