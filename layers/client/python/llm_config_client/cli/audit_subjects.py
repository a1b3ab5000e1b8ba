"""`llm-config audit forget`: take a name out of the audit."""

from typing import Annotated

import typer

from llm_config_client import calls
from llm_config_client.cli import questions, screen
from llm_config_client.cli.app import audit
from llm_config_client.cli.commands import Session, Yes, command
from llm_config_client.cli.screen import Printed

Subject = Annotated[str, typer.Argument(metavar="SUBJECT", help="who, by name or by pseudonym", show_default=False)]


@command((audit, "forget"), examples=["llm-config audit forget user:ana --yes"])
def forget(session: Session, *, subject: Subject, yes: Yes = False) -> Printed:
    """Erase who is behind a pseudonym, for ever. Entries and proofs stay what they are."""
    from llm_config_client.cli import tables

    questions.sure_for_ever(f"forget for ever that {screen.shown(subject)} is who acted?", yes=yes)
    return session.show(session.send(calls.erase_subject(subject)), tables.forgotten)
