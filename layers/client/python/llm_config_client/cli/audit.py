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
    from llm_config_client.audit import Promise, Verdict
    from llm_config_domain.audit.bundles import Key

INVALID = 1
Bundles = Annotated[list[str], typer.Argument(metavar="BUNDLE...", help="exports of the audit", show_default=False)]
KeyFile = Annotated[str, typer.Option("--key", metavar="PEM", help="a file: the audit's public key, as you know it")]
Held = Annotated[
    str | None,
    typer.Option("--checkpoint", metavar="HELD", help="a checkpoint from earlier, that the bundles must extend"),
]
Witnesses = Annotated[
    list[str] | None,
    typer.Option("--witness", metavar="VKEY", help="NAME+ID+KEY of a witness of the held checkpoint (repeatable)"),
]
Enough = Annotated[
    int | None, typer.Option("--witnesses", metavar="N", min=1, help="so many of them are enough; all, if left out")
]
Receipts = Annotated[
    list[str] | None,
    typer.Option("--receipt", metavar="FILE", help="a receipt that the bundles must keep (repeatable)"),
]
ReceiptKey = Annotated[
    str | None, typer.Option("--receipt-key", metavar="PEM", help="a file: the public key of receipts, as you know it")
]
EXAMPLES = [
    "llm-config audit verify november.json --key audit.pem",
    "llm-config audit verify november.json december.json --key audit.pem --checkpoint october.json -o json",
    "llm-config audit verify november.json --key audit.pem --receipt 01JQ7Z0V5S4W8K2N6M9T3R1XYB.note --receipt-key receipts.pem",
]


@audit.command("verify", epilog=epilog(EXAMPLES))
def verify(
    context: typer.Context,
    *,
    bundle: Bundles,
    key: KeyFile,
    checkpoint: Held = None,
    witness: Witnesses = None,
    witnesses: Enough = None,
    receipt: Receipts = None,
    receipt_key: ReceiptKey = None,
    output: Output = None,
) -> Printed:
    """Check exports offline: nothing changed, removed, added, moved, forked; and receipts, whether they were kept.

    Exits with 0 only if all are valid, and kept."""
    from llm_config_client.audit import judge_receipts, verify_bundles
    from llm_config_domain.audit.bundles import Unproven

    try:
        held = Path(checkpoint) if checkpoint else None
        bundles = {name: Path(name) for name in bundle}
        verdicts = verify_bundles(bundles, _key(key), held)
        _check_witnessed(held, witness or [], witnesses)
        receipts = {name: Path(name) for name in receipt or ()}
        promises = judge_receipts(receipts, _receipt_key(receipt_key), bundles, verdicts) if receipts else []
    except Unproven as error:
        raise Usage(
            f"the held checkpoint proves nothing: {error}", "take it as it was served, and the key it was signed with"
        ) from None
    except OSError as error:
        raise Usage(f"a file cannot be read: {error.strerror}") from None
    well = all(verdict.valid for verdict in verdicts) and all(promise.kept for promise in promises)
    return Printed(_told(verdicts, promises, output or context.obj.get("output")), 0 if well else INVALID)


def _key(file: str, option: str = "--key") -> "Key":
    from llm_config_client.audit import key_of

    try:
        return key_of(Path(file).read_text("utf-8"))
    except ValueError:
        raise Usage(f"{option} is a file with an Ed25519 public key (PEM)") from None


def _check_witnessed(held: Path | None, vkeys: Sequence[str], enough: int | None) -> None:
    """Raises Unproven, unless so many of the witnesses (all, if it is not said) cosigned the held checkpoint."""
    from llm_config_client.audit import not_witnessed
    from llm_config_domain.audit.bundles import Unproven

    if not vkeys:
        return
    if held is None:
        raise Usage("--witness needs --checkpoint: witnesses cosign checkpoints, and bundles must extend one")
    try:
        missing = not_witnessed(held, vkeys)
    except ValueError as error:
        raise Usage(f"--witness: {error}") from None
    if len(vkeys) - len(missing) < (len(vkeys) if enough is None else enough):
        raise Unproven(f"not cosigned by {', '.join(missing)}")


def _receipt_key(file: str | None) -> "Key":
    if file is None:
        raise Usage("--receipt needs --receipt-key, the public key of receipts (PEM)")
    return _key(file, "--receipt-key")


def _told(verdicts: Sequence["Verdict"], promises: Sequence["Promise"], output: Format | None) -> str:
    document = [*(one.to_record() for one in verdicts), *(one.to_record() for one in promises)]
    if output == "json":
        return screen.json_line(json_text.write(document))
    if output == "yaml":
        return screen.yaml(document)
    from llm_config_client.cli import tables

    return screen.draw([*tables.verdicts(verdicts), *tables.promises(promises)])
