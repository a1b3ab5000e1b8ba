"""The pieces that tables are made of: titles, facts, rows, values on one line, times to the minute."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from llm_config_client.cli.screen import shown
from llm_config_contract.resolved import LayerView
from llm_config_contract.wire import VersionView
from llm_config_domain import json_text
from llm_config_domain.json_text import Json

NUMBERS = frozenset({"VERSION", "CREATED", "UPDATED", "UNCHANGED", "ENTRIES", "CONFIGS", "SECRETS"})
ABSENT = "-"
WIDEST_VALUE = 48
WIDEST_NAME = 20
GAP = 2


def title(path: str, environment: str, version: int) -> Text:
    return Text.assemble((shown(path), "bold"), f" in {shown(environment)}, version {version}")


def history_facts(entry: VersionView) -> dict[str, str]:
    facts = {
        "reason": entry.reason or ABSENT,
        "updated": by(entry.updated_at, entry.updated_by),
        "created": by(entry.created_at, entry.created_by),
        "classification": entry.classification,
    }
    return facts | ({"tags": tags(entry.tags)} if entry.tags else {})


def tags(found: Mapping[str, str]) -> str:
    return ", ".join(f"{shown(name)}={shown(text)}" for name, text in sorted(found.items()))


def alias(name: str) -> str:
    """A pseudonym, as far as people compare it."""
    return name if len(name) <= WIDEST_VALUE else f"{name[:WIDEST_NAME]}\u2026"


def by(at: str, who: str) -> str:
    return f"{at} by {who}"


def facts(facts: Mapping[str, str]) -> Table:
    grid = Table.grid(padding=(0, GAP))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, text in facts.items():
        grid.add_row(name, shown(text))
    return grid


def table(*head: str, rows: Sequence[Sequence[str]]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), header_style="bold")
    for name in head:
        table.add_column(name, justify="right" if name in NUMBERS else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table


def layer(layer: LayerView) -> str:
    return layer.environment if layer.layer == "tenant" else f"{layer.layer} {layer.environment}"


def short(json: Any) -> str:
    text = ABSENT if json is ... else shown(json_text.write(json))
    return text if len(text) <= WIDEST_VALUE else text[: WIDEST_VALUE - 1] + "…"


def member(whole: Json, pointer: str) -> Any:
    """The member that a JSON Pointer names; `...` when there is none."""
    found = whole
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(found, dict) and name in found:
            found = found[name]
        elif isinstance(found, list) and name.isdigit() and int(name) < len(found):
            found = found[int(name)]
        else:
            return ...
    return found


def minute(time: str) -> str:
    """An RFC 3339 time of the service as tables show it, in UTC: `2026-01-31 09:05`."""
    return time[:16].replace("T", " ")
