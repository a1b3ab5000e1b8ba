"""docs/cli.md is what `--help` says, of every command. `make golden` writes it anew, to be read as a difference."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from typer.main import get_command

from llm_config_client.cli import main
from tests.cli.running import run

PUBLISHED = Path(__file__).parents[2] / "docs" / "cli.md"
HEAD = """# The command line

What `llm-config --help` says, of every command; `make golden` writes this page. Every command takes `--output`, `--url`,
`--profile` and `--debug`, before it or after it. Nothing is on stdout when a command fails; stderr then says what
happened, what to do, and the request's id. (`doctor` and `config validate` print what they found and end with its exit
code; `config watch` has printed what it saw.)

What takes something away asks first, on a terminal; `--yes` is the answer ahead of the question. Where nobody can be
asked, `delete` goes ahead, because `restore` brings back what it took, and `secret destroy` wants `--yes`.
"""


def commands() -> Iterator[Sequence[str]]:
    """The words of each command, the program's own first; a group comes before what is in it."""
    yield ()
    yield from _below(get_command(main.app), ())  # type: ignore[attr-defined]


def _below(group: Any, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for name, command in getattr(group, "commands", {}).items():
        yield (*words, name)
        yield from _below(command, (*words, name))


def reference() -> str:
    sections = []
    for words in commands():
        told = run([*words, "--help"], {"HOME": "/nowhere", "COLUMNS": "100"})
        assert (told.exit_code, told.stderr) == (0, "")
        sections.append(f"\n## {' '.join(['llm-config', *words])}\n\n```text\n{told.stdout.strip()}\n```\n")
    return HEAD + "".join(sections)


def test_the_reference_of_the_command_line_is_current() -> None:
    now = reference()
    if os.environ.get("GOLDEN") == "write":
        PUBLISHED.write_text(now, encoding="utf-8")
    assert PUBLISHED.read_text(encoding="utf-8") == now, "run make golden and review the difference"


def test_every_command_has_an_example() -> None:
    groups = {tuple(words[:-1]) for words in commands() if words}
    for words in commands():
        if words and words not in groups:
            text = run([*words, "--help"], {"HOME": "/nowhere"}).stdout
            assert f"  llm-config {' '.join(words)}" in text.split("Examples:")[-1] or words in {("get",), ("set",)}, (
                words
            )
