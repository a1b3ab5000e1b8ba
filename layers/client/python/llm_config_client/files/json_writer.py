"""JSON for people: one member a line, two spaces a level, no comma after the last; numbers to the digit."""

from collections.abc import Iterator

from llm_config_domain import json_text
from llm_config_domain.json_text import Json


def write(value: Json) -> str:
    """The text of a file."""
    return "\n".join(lines(value)) + "\n"


def lines(value: Json) -> Iterator[str]:
    """Names in the order given."""
    if not isinstance(value, dict | list) or not value:
        yield json_text.write(value)
        return
    if isinstance(value, dict):
        yield from _between("{}", [(f"{json_text.write(name)}: ", member) for name, member in value.items()])
    else:
        yield from _between("[]", [("", item) for item in value])


def _between(brackets: str, members: list[tuple[str, Json]]) -> Iterator[str]:
    yield brackets[0]
    for number, (label, member) in enumerate(members, 1):
        written = list(lines(member))
        written[0] = label + written[0]
        if number < len(members):
            written[-1] += ","
        yield from (f"  {line}" for line in written)
    yield brackets[1]
