"""Where the rows of a stream's batch stand in the lines of the journal, so that their consumer's marks move with them."""

from collections.abc import Iterable, Mapping
from typing import Any

from llm_config_domain.lines import Done, Line, LineKind, LineRow, Place
from llm_config_domain.names import TenantId

_KINDS = set(LineKind)


def done_with(records: Iterable[Mapping[str, Any]]) -> dict[Line, Done]:
    """The lines of records that were taken. An access is in no line, and neither is what cannot be placed: the sweep
    brings it, if it is a change."""
    rows: dict[Line, list[LineRow]] = {}
    for record in records:
        placed = _placed(record["dynamodb"])
        if placed:
            rows.setdefault(placed[0], []).append(placed[1])
    return {line: Done(of_line) for line, of_line in rows.items()}


def _placed(told: Mapping[str, Any]) -> tuple[Line, LineRow] | None:
    try:
        partition, sort_key = (told["Keys"][part]["S"].split("#") for part in ("pk", "sk"))
        rest = int(told["NewImage"]["rest"]["N"])
    except KeyError:
        return None
    _, tenant, kind, *namespace = partition
    if kind not in _KINDS:
        return None
    line = Line(TenantId(tenant), LineKind(kind), *namespace)
    return line, LineRow(Place(*map(int, sort_key)), rest, "")
