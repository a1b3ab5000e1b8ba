"""`llm-config audit verify`: prove, offline, that what the audit gave out is whole."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from llm_config_client.cli import screen
from llm_config_client.cli.app import audit
from llm_config_client.cli.commands import Format, Output, epilog
from llm_config_client.cli.failures import Usage
from llm_config_client.cli.screen import Printed
from llm_config_domain import json_text

if TYPE_CHECKING:  # cryptography is loaded when something is verified
    from llm_config_client.audit import Verdict
    from llm_config_domain.audit.bundles import Key

INVALID = 1
Bundles = Annotated[list[str], typer.Argument(metavar="BUNDLE...", help="exports of the audit", show_default=False)]
KeyFile = Annotated[str, typer.Option("--key", metavar="PEM", help="a file: the audit's public key, as you know it")]
Held = Annotated[
    str | None,
    typer.Option("--checkpoint", metavar="HELD", help="a checkpoint from earlier, that the bundles must extend"),
]
EXAMPLES = [
    "llm-config audit verify november.json --key audit.pem",
    "llm-config audit verify november.json december.json --key audit.pem --checkpoint october.json -o json",
]


@audit.command("verify", epilog=epilog(EXAMPLES))
def verify(
    context: typer.Context, *, bundle: Bundles, key: KeyFile, checkpoint: Held = None, output: Output = None
) -> Printed:
    """Check exports offline: nothing changed, removed, added, moved, forked. Exits with 0 only if all are valid."""
    from llm_config_client.audit import verify_bundles
    from llm_config_domain.audit.bundles import Unproven

    try:
        held = Path(checkpoint) if checkpoint else None
        verdicts = verify_bundles({name: Path(name) for name in bundle}, _key(key), held)
    except Unproven as error:
        raise Usage(
            f"the held checkpoint proves nothing: {error}", "take it as it was served, and the key it was signed with"
        ) from None
    except OSError as error:
        raise Usage(f"a file cannot be read: {error.strerror}") from None
    exit_code = 0 if all(verdict.valid for verdict in verdicts) else INVALID
    return Printed(_told(verdicts, output or context.obj.get("output")), exit_code)


def _key(file: str) -> "Key":
    from llm_config_client.audit import key_of

    try:
        return key_of(Path(file).read_text("utf-8"))
    except ValueError:
        raise Usage("--key is a file with an Ed25519 public key (PEM)") from None


def _told(verdicts: Sequence["Verdict"], output: Format | None) -> str:
    document = [verdict.to_record() for verdict in verdicts]
    if output == "json":
        return screen.json_line(json_text.write(document))
    if output == "yaml":
        return screen.yaml(document)
    from llm_config_client.cli import tables

    return screen.draw(tables.verdicts(verdicts))
