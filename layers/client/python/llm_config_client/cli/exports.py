"""`llm-config export`: configs of the service as a directory of files."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from llm_config_client.cli.app import app
from llm_config_client.cli.commands import Glob, Only, Session, command
from llm_config_client.cli.failures import Usage
from llm_config_client.cli.progress import progress
from llm_config_client.cli.screen import Printed
from llm_config_client.transfers import exports
from llm_config_client.transfers.exports import Exported, Format
from llm_config_contract.configs import ConfigMetadataView
from llm_config_domain.errors import NotFound

Target = Annotated[str, typer.Argument(metavar="DIR", help="a new or empty directory", show_default=False)]
As = Annotated[Format, typer.Option("--format", help="what TOML cannot hold (null, no object) is YAML then")]


@command(
    (app, "export"),
    examples=[
        "llm-config export configs",
        "llm-config export prompts --namespace 'prompts/*' --env production --format json",
    ],
)
def export(
    session: Session,
    *,
    target: Target,
    namespace: Glob = None,
    env: Only = None,
    format: As = "yaml",  # noqa: A002
) -> Printed:
    """Write configs into a directory of files.

    The same configs are always the same bytes. Secrets are never exported.
    """
    from llm_config_client.cli import tables

    directory = Path(target)
    if (directory.exists() and not directory.is_dir()) or not exports.is_free(directory):
        raise Usage("export writes into a new or empty directory", "choose another, or empty this one first")
    listed = exports.fetch(session.client, namespace=namespace, environment=env)
    if not listed:
        raise NotFound("there are no configs here that you may see: nothing was written")
    exported = _written(session, directory, listed, format)
    if exported.not_toml:
        count = len(exported.not_toml)
        sys.stderr.write(f"note: {count} {'entry is' if count == 1 else 'entries are'} YAML: TOML cannot hold them\n")
    files = sorted(str(file) for file in exported.files)
    document = {"directory": target, "entries": len(listed), "files": files}
    return session.show_document(document, lambda: tables.exported(target, listed))


def _written(session: Session, directory: Path, listed: list[ConfigMetadataView], format: Format) -> Exported:  # noqa: A002
    """Raises Usage for a place that cannot be written."""
    try:
        with exports.into(directory, format) as exported, progress("writing", len(listed)) as step:
            for each in listed:
                exported.add(exports.read(session.client, each))
                step()
    except OSError as error:
        raise Usage(f"the directory cannot be written: {error.strerror}") from None
    return exported
