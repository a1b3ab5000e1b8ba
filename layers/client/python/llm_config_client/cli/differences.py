"""A patch as lines for people: what was there, what is there now, texts of several lines line by line."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import unified_diff
from typing import Any

from rich.text import Text

from llm_config_client.cli import drawing
from llm_config_client.cli.screen import shown
from llm_config_contract.configs import ConfigDiff
from llm_config_domain.json_text import Json

MARKS = {"add": ("+", "green"), "remove": ("-", "red"), "replace": ("~", "yellow")}
LINES = {"+": "green", "-": "red", " ": "dim"}
BEGINNINGS = ("@@ -1,", "@@ -1 ")
CONTEXT = 2
MOST_LINES = 2000
"""A longer text is told on one line: to compare it by lines takes time that grows with its square."""


def lines(path: str, environment: str, found: ConfigDiff, old: Json) -> Sequence[Text]:
    """The places of a patch of the service, in objects and arrays alike, are those of the `old` value where it takes
    something away: that is how it makes them."""
    title = Text.assemble((shown(path), "bold"), f" in {environment}, version {found.from_} to {found.to}")
    told = [line for operation in found.patch for line in _operation(operation, old)]
    return [title.append(f": {shown(found.summary)}"), *([Text()] if told else []), *told]


def _operation(operation: Mapping[str, Any], old: Json) -> Iterator[Text]:
    kind, pointer = str(operation["op"]), str(operation["path"])
    mark, style = MARKS.get(kind, ("~", "yellow"))
    before = drawing.member(old, pointer) if kind in ("replace", "remove") else ...
    after = operation.get("value", ...)
    where = shown(pointer) or "(all)"
    if _are_texts(before, after):
        yield Text(f"{mark} {where}:", style=style)
        yield from _by_line(str(before), str(after))
    else:
        values = [drawing.short(value) for value in (before, after) if value is not ...]
        yield Text(f"{mark} {where}: {' -> '.join(values)}", style=style)


def _are_texts(*values: Any) -> bool:
    return all(isinstance(value, str) and value.count("\n") < MOST_LINES for value in values) and any(
        "\n" in value for value in values
    )


def _by_line(before: str, after: str) -> Iterator[Text]:
    """What changed with a little of what stands around it. The two headers say nothing that the title does not."""
    told = unified_diff(before.split("\n"), after.split("\n"), n=CONTEXT, lineterm="")
    for line in list(told)[2:]:
        if line.startswith("@@"):
            if not line.startswith(BEGINNINGS):
                yield Text("    ...", style="dim")
        else:
            yield Text(f"    {line[0]} {shown(line[1:])}".rstrip(), style=LINES[line[0]])
