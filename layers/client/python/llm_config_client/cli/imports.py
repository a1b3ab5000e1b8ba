"""`llm-config import`: a directory of files, or a dotenv file, into the service."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from llm_config_client.cli.app import app
from llm_config_client.cli.commands import Environment, Reason, Session, command
from llm_config_client.cli.failures import Usage
from llm_config_client.cli.progress import progress
from llm_config_client.cli.screen import Printed, shown
from llm_config_client.files.entries import Entry, Reading
from llm_config_client.files.faults import FilesRefused
from llm_config_client.transfers import imports
from llm_config_client.transfers.imports import Imported
from llm_config_client.transfers.plan import Batch, Change, batches

LAYOUT = "a directory holds namespace/key.environment.yaml (or .json, .toml), or namespace/environment.env"

Source = Annotated[str, typer.Argument(metavar="DIR|FILE", help="a directory, or a dotenv file", show_default=False)]
Namespace = Annotated[str | None, typer.Option("--namespace", metavar="NS", help="of a dotenv file's entries")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="say what would be done; nothing is changed")]


@command(
    (app, "import"),
    examples=[
        'llm-config import configs --reason "as in git"',
        "llm-config import configs --dry-run",
        "llm-config import .env --namespace services/gateway --env production",
    ],
)
def import_(
    session: Session,
    *,
    source: Source,
    namespace: Namespace = None,
    env: Environment = None,
    reason: Reason = None,
    dry_run: DryRun = False,
) -> Printed:
    """Store what files say and the service does not.

    New and changed entries go in batches that hold or fail as one; what is the same already is left alone.
    """
    from llm_config_client.cli import tables

    reading = _read(session, Path(source), namespace, env)
    _warn(reading)
    entries = reading.entries
    changes = _compared(session, entries)
    done = _sent(session, batches(changes), reason=reason, dry_run=dry_run)
    done += [Imported(change) for change in changes if change.operation is None]
    document = _document(done, reading, dry_run=dry_run)
    return session.show_document(document, lambda: tables.imported(done, dry_run=dry_run))


def _read(session: Session, source: Path, namespace: str | None, env: str | None) -> Reading:
    """Raises FilesRefused, with everything that is wrong in any file; Usage."""
    from llm_config_client.files.directory import (
        read_directory,
        read_dotenv,
    )  # with PyYAML, which no other command reads

    if source.is_dir():
        if namespace or env:
            raise Usage("a directory says namespace and environment itself", LAYOUT)
        reading = read_directory(source)
    else:
        reading = read_dotenv(source, *_place(session, source, namespace, env))
    if reading.faults:
        raise FilesRefused(reading.faults)
    if not reading.found:
        raise Usage("there are no entries here: nothing was sent", LAYOUT)
    return reading


def _place(session: Session, source: Path, namespace: str | None, env: str | None) -> tuple[str, str]:
    if not source.exists():
        raise Usage("there is no such directory or file", LAYOUT)
    if source.suffix in (".yaml", ".yml", ".json", ".toml"):
        raise Usage("one file is no directory", "import its directory, or store a JSON file with 'config put --file'")
    if not namespace:
        raise Usage("a dotenv file needs --namespace NS and --env E")
    return namespace, session.environment(env)


def _warn(reading: Reading) -> None:
    if reading.skipped:
        count = len(reading.skipped)
        names = ", ".join(shown(name) for name in reading.skipped[:5]) + (", ..." if count > 5 else "")
        sys.stderr.write(f"warning: {count} {'file is no entry' if count == 1 else 'files are no entries'}: {names}\n")


def _compared(session: Session, entries: Sequence[Entry]) -> list[Change]:
    changes: list[Change] = []
    with progress("comparing", len(entries)) as step:
        for change in imports.compare(session.client, entries):
            changes.append(change)
            step()
    return changes


def _sent(session: Session, planned: Sequence[Batch], *, reason: str | None, dry_run: bool) -> list[Imported]:
    """What is stored when it breaks off is said: it stays, and the same command goes on from there."""
    done: list[Imported] = []
    _tell_parts(planned)
    try:
        with progress("storing", len(planned)) as step:
            for batch in planned:
                done += imports.send(session.client, batch, reason=reason, dry_run=dry_run)
                step()
    except BaseException:  # also Ctrl-C; it is told on and raised again
        if done and not dry_run:
            sys.stderr.write(f"warning: {len(done)} entries are stored, the rest is not; run the same command again\n")
        raise
    return done


def _tell_parts(planned: Sequence[Batch]) -> None:
    for batch in planned:
        if batch.part == 1 and batch.parts > 1:
            place = batch.changes[0].entry.namespace
            sys.stderr.write(f"note: {place} is more than one batch holds: it is stored in {batch.parts} steps\n")


def _document(done: Sequence[Imported], reading: Reading, *, dry_run: bool) -> dict[str, Any]:
    """{dry_run, created, updated, unchanged, skipped_files, entries: [{path, environment, outcome, version, file}]}"""
    outcomes = [each.change.outcome for each in done]
    counts = {"created": "create", "updated": "update", "unchanged": "unchanged"}
    return {
        "dry_run": dry_run,
        **{word: outcomes.count(outcome) for word, outcome in counts.items()},  # type: ignore[arg-type]
        "skipped_files": reading.skipped,
        "entries": list(_rows(done)),
    }


def _rows(done: Sequence[Imported]) -> Iterator[dict[str, Any]]:
    for each in sorted(done, key=lambda one: one.change.entry.name):
        entry: Entry = each.change.entry
        yield {
            "path": entry.path,
            "environment": entry.environment,
            "outcome": each.change.outcome,
            "version": each.version,
            "file": entry.file,
        }
