"""Asking before something goes away. The question is on stderr: stdout is for answers."""

import sys

import typer

from llm_config_client.cli.failures import Usage


def sure(question: str, *, yes: bool) -> None:
    """Raises Abort when the person does not say yes. Where nobody can be asked, the command is the yes."""
    if yes or not sys.stdin.isatty():
        return
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        sys.stderr.write("nothing was done\n")
        raise typer.Abort


def sure_for_ever(question: str, *, yes: bool) -> None:
    """The same for what no command brings back: where nobody can be asked, --yes must say it. Raises Usage."""
    if not yes and not sys.stdin.isatty():
        raise Usage("this cannot be undone: say --yes to do it without being asked")
    sure(question, yes=yes)
