"""`llm-config secret import`: secrets of another system, or of a dotenv file, into the service."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from llm_config_client.cli.app import secret
from llm_config_client.cli.commands import Environment, Reason, Session, command
from llm_config_client.cli.failures import Usage
from llm_config_client.cli.progress import progress
from llm_config_client.cli.screen import Printed
from llm_config_client.files.faults import Fault, FilesRefused
from llm_config_client.sources.originals import Original
from llm_config_client.transfers import secret_imports
from llm_config_client.transfers.secret_imports import Plan, Planned
from llm_config_domain import times

DOTENV = "dotenv"
SOURCES = (DOTENV, "aws-secrets-manager", "aws-ssm")

File = Annotated[str | None, typer.Argument(metavar="FILE", help="a dotenv file", show_default=False)]
From = Annotated[str, typer.Option("--from", metavar="S", help=" | ".join(SOURCES))]
Namespace = Annotated[str, typer.Option("--namespace", metavar="NS", help="where they go", show_default=False)]
Prefix = Annotated[
    str, typer.Option("--prefix", metavar="P", help="only names that begin so; it is cut off", show_default=False)
]
Region = Annotated[str | None, typer.Option("--region", metavar="R", help="of AWS; its own settings when left out")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="say what would be done; nothing is changed")]
SkipExisting = Annotated[
    bool, typer.Option("--skip-existing", help="leave alone what is there; without it, it is refused")
]


@command(
    (secret, "import"),
    examples=[
        "llm-config secret import .env --namespace services/gateway --env production --dry-run",
        "llm-config secret import --from aws-secrets-manager --prefix prod/ --namespace services --env production",
        "llm-config secret import --from aws-ssm --prefix /prod/gateway --namespace services/gateway --env production",
    ],
)
def import_secrets(
    session: Session,
    *,
    file: File = None,
    namespace: Namespace,
    source: From = DOTENV,
    prefix: Prefix = "",
    region: Region = None,
    env: Environment = None,
    reason: Reason = None,
    dry_run: DryRun = False,
    skip_existing: SkipExisting = False,
) -> Printed:
    """Create secrets from a dotenv file, AWS Secrets Manager or SSM Parameter Store.

    Names are lowered, and kept as they stood in the tag env_name. A type is given by the look of the value. Nothing is
    sent while anything is wrong, no secret is written over, and no value is shown.
    """
    from llm_config_client.cli import tables

    environment = session.environment(env)
    originals, faults = _read(file, source, prefix, region)
    plan = secret_imports.plan(originals, namespace, prefix, times.rfc3339(datetime.now(UTC)))
    secret_imports.check(session.client, plan, environment, skip_existing=skip_existing)
    if faults or plan.faults:
        raise FilesRefused([*faults, *plan.faults])
    secrets = [plan.secrets[path] for path in sorted(plan.secrets)]
    stored = {} if dry_run else _sent(session, secrets, environment, reason)
    document = _document(plan, secrets, environment, stored, dry_run=dry_run)
    return session.show_document(document, lambda: tables.imported_secrets(document))


def _read(file: str | None, source: str, prefix: str, region: str | None) -> tuple[list[Original], list[Fault]]:
    """Raises Usage, SourceFailed."""
    if source not in SOURCES:
        raise Usage(f"--from is one of {', '.join(SOURCES)}")
    if (source == DOTENV) != (file is not None):
        raise Usage(
            "a dotenv file is named, and nothing else is", "llm-config secret import .env --namespace NS --env E"
        )
    if file is not None:
        return _variables(file, prefix)
    from llm_config_client.sources import aws

    with progress("reading", None) as step:
        found = aws.read(source, prefix, region, step)
    return _some(found), []


def _variables(file: str, prefix: str) -> tuple[list[Original], list[Fault]]:
    from llm_config_client.sources import variables

    if not Path(file).is_file():
        raise Usage("there is no such file")
    found, faults = variables.read(Path(file))
    wanted = [one for one in found if one.name.startswith(prefix)]
    return (wanted if faults else _some(wanted)), faults


def _some(found: list[Original]) -> list[Original]:
    if not found:
        raise Usage("there are no secrets here: nothing was sent")
    return found


def _sent(session: Session, secrets: Sequence[Planned], environment: str, reason: str | None) -> dict[str, Any]:
    """{path: its metadata}. What is stored when it breaks off is said: it stays."""
    done: dict[str, Any] = {}
    try:
        with progress("storing", len(secrets)) as step:
            for stored in secret_imports.send(session.client, secrets, environment, reason):
                done[f"{stored.namespace}/{stored.key}"] = stored
                step()
    except BaseException:  # also Ctrl-C; it is told on and raised again
        sys.stderr.write(f"warning: {len(done)} secrets are stored, the rest is not; go on with --skip-existing\n")
        raise
    return done


def _document(
    plan: Plan, secrets: Sequence[Planned], environment: str, stored: dict[str, Any], *, dry_run: bool
) -> dict[str, Any]:
    """{dry_run, environment, created, skipped: [path], secrets: [{path, type, version, from}]}"""
    rows = [
        {
            "path": one.path,
            "type": stored[one.path].type if one.path in stored else one.type,
            "version": stored[one.path].version if one.path in stored else None,
            "from": one.original.name,
        }
        for one in secrets
    ]
    counts = {"created": len(secrets), "skipped": sorted(plan.existing)}
    return {"dry_run": dry_run, "environment": environment, **counts, "secrets": rows}
