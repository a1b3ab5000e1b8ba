"""From answers to text: tables for people, JSON and YAML for programs. Colour only on a terminal, and NO_COLOR wins."""

import io
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from llm_config_client.files import json_writer
from llm_config_domain.json_text import Json

if TYPE_CHECKING:  # rich is loaded when something is drawn, not when --help is asked for
    from rich.console import Console, RenderableType
    from rich.text import Text

PIPED_WIDTH = 10_000
"""What is piped is never folded: a line is a row."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What a command puts on stdout, whole, once it is done: a failure leaves nothing there."""

    text: str
    exit_code: int = 0


def is_terminal() -> bool:
    return sys.stdout.isatty()


def terminal_width() -> int:
    return shutil.get_terminal_size().columns if is_terminal() else PIPED_WIDTH


def shown(text: str) -> str:
    """`text` on one line, without characters that would command the terminal: others wrote it."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def draw(parts: Sequence["RenderableType"]) -> str:
    """`parts` below each other, as text that ends with a newline."""
    console = console_on(io.StringIO())
    with console.capture() as captured:
        for part in parts:
            console.print(part, soft_wrap=_is_text(part))
    return "".join(line.rstrip() + "\n" for line in captured.get().splitlines())


def console_on(file: IO[str]) -> "Console":
    """What draws: colours on a terminal alone, and nothing in a text means anything but itself."""
    from rich.console import Console

    terminal = is_terminal()
    colours = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Console(
        file=file,
        width=terminal_width(),
        force_terminal=terminal,
        color_system="auto" if colours else None,
        markup=False,
        emoji=False,
        highlight=False,
    )


def _is_text(part: object) -> bool:
    """Lines of text are left to the terminal to fold: a copied value has no breaks that are not its own."""
    from rich.text import Text

    return isinstance(part, Text)


def value(json: Json) -> "Text":
    """A value, indented, numbers to the digit."""
    from rich.highlighter import JSONHighlighter
    from rich.text import Text

    text = Text(escaped("\n".join(json_writer.lines(json))))
    JSONHighlighter().highlight(text)
    return text


def json_line(text: str) -> str:
    """JSON as it came, with a newline. On a terminal what would command it is escaped: the same JSON, other letters."""
    if not is_terminal():
        return text + "\n"
    return "".join(c if c.isprintable() or c == "\n" else _json_escape(c) for c in text) + "\n"


def _json_escape(character: str) -> str:
    units = character.encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def escaped(text: str) -> str:
    """`text` with its line breaks, and the rest as `shown`."""
    return "\n".join(shown(line) for line in text.split("\n"))


def yaml(document: Json) -> str:
    """The same content as YAML."""
    from llm_config_client.cli.yaml_text import write

    return write(document)
