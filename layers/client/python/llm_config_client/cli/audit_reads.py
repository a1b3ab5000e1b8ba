"""`llm-config audit list | export | checkpoint | proof`: what was recorded, and what an auditor takes home of it."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path as File
from typing import Annotated

import typer

from llm_config_client import calls
from llm_config_client.cli import listings, screen
from llm_config_client.cli.app import audit
from llm_config_client.cli.commands import Glob, Limit, Session, command
from llm_config_client.cli.failures import Usage
from llm_config_client.cli.screen import Printed
from llm_config_contract.audit import PendingAuditExport
from llm_config_domain import times

From = Annotated[str | None, typer.Option("--from", metavar="TIME", help="2026-01-31T09:00:00Z; a day ago if left out")]
To = Annotated[str | None, typer.Option("--to", metavar="TIME", help="before this time; now if left out")]
Kind = Annotated[str | None, typer.Option("--type", metavar="T", help="config.updated, secret.accessed, ...")]
Actor = Annotated[str | None, typer.Option("--actor", metavar="ID", help="who did it")]
Entry = Annotated[str, typer.Argument(metavar="ENTRY", help="an entry's id", show_default=False)]
Target = Annotated[str | None, typer.Option("--file", metavar="F", help="where to write it; stdout if left out")]


@command(
    (audit, "list"),
    examples=[
        "llm-config audit list --from 2026-11-01T00:00:00Z --namespace 'models/*'",
        "llm-config audit list --type secret.accessed --actor user:ana -o json",
    ],
)
def list_(
    session: Session,
    *,
    begin: From = None,
    end: To = None,
    type: Kind = None,  # noqa: A002 (the option's name)
    actor: Actor = None,
    namespace: Glob = None,
    limit: Limit = None,
) -> Printed:
    """List what was recorded, the newest first."""
    from llm_config_client.cli import rows

    first, last = _period(begin, end)
    query = {"begin": first, "end": last, "event_type": type, "actor": actor, "namespace": namespace}
    found = listings.gather(session, calls.list_audit_entries, limit=limit, **query)
    actors = found.document.get("actors", {})
    return listings.show(
        session, found, lambda entries: rows.audit_entries(entries, actors), "nothing was recorded in this time"
    )


@command(
    (audit, "export"),
    examples=[
        "llm-config audit export --from 2026-11-01T00:00:00Z --to 2026-12-01T00:00:00Z --file november.json",
        "llm-config audit verify november.json --key audit.pem",
    ],
)
def export(session: Session, *, begin: From = None, end: To = None, file: Target = None) -> Printed:
    """Take home every entry of a time, with the proof that it is whole."""
    answer = session.send(calls.export_audit(*_period(begin, end)))
    told = answer.body.root
    if isinstance(told, PendingAuditExport):
        from llm_config_client.cli.fetching import fetched

        sys.stderr.write(f"{told.entries} entries\n")
        return _kept(fetched(told.url), file)
    size = len(told.entries)
    sys.stderr.write(f"{size} {'entry' if size == 1 else 'entries'} of {told.checkpoint.tree_size}\n")
    return _kept(answer.text, file)


@command(
    (audit, "checkpoint"),
    examples=["llm-config audit checkpoint --file held.json    (and keep it where nobody else writes)"],
)
def checkpoint(session: Session, *, file: Target = None) -> Printed:
    """Take the signed root of everything recorded until now: a later export must extend it."""
    return _kept(session.send(calls.get_audit_checkpoint()).text, file)


@command((audit, "proof"), examples=["llm-config audit proof 01JQ7Z0V5S4W8K2N6M9T3R1XYB"])
def proof(session: Session, *, entry: Entry, file: Target = None) -> Printed:
    """Take the proof that an entry stands in the tree."""
    return _kept(session.send(calls.get_audit_proof(entry)).text, file)


def _period(begin: str | None, end: str | None) -> tuple[str, str]:
    """A day until now, and a minute more: the service's clock may be ahead."""
    now = datetime.now(UTC)
    return begin or times.rfc3339(now - timedelta(days=1)), end or times.rfc3339(now + timedelta(minutes=1))


def _kept(text: str, file: str | None) -> Printed:
    """Exactly what came: what is proved is the text."""
    if file is None:
        return Printed(screen.json_line(text))
    try:
        File(file).write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise Usage(f"the file cannot be written: {error.strerror}") from None
    return Printed("")
