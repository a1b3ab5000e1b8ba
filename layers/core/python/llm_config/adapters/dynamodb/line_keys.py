"""The keys of the journal's lines, and of the marks that say how far each consumer has followed them."""

from collections.abc import Mapping

from llm_config.adapters.dynamodb.keys import LAST, Key, Range, VersionedTable, change_place
from llm_config_domain.lines import FIRST, Line, LineKind, Place
from llm_config_domain.names import TenantId

LINES_IN: Mapping[LineKind, VersionedTable] = {LineKind.CONFIGS: "configs", LineKind.SECRETS: "secrets"}
"""The tables whose index tells the lines of namespaces."""


def rows_from(line: Line, first: Place = FIRST) -> Range:
    """The rows of a line from a place on."""
    return Range(_partition(line), change_place(first.revision, first.ordinal), LAST)


def place_of(sort_key: str) -> Place:
    revision, _, ordinal = sort_key.partition("#")
    return Place(int(revision), int(ordinal))


def mark(consumer: str, line: Line) -> Key:
    return Key("counters", f"T#{line.tenant}#M", f"{consumer}#{line.kind}#{line.namespace}")


def marks_of(consumer: str, tenant: TenantId) -> Range:
    return Range(f"T#{tenant}#M", f"{consumer}#", f"{consumer}#{LAST}")


def marked(tenant: TenantId, sort_key: str) -> Line:
    """The line of a mark."""
    _, kind, namespace = sort_key.split("#")
    return Line(tenant, LineKind(kind), namespace)


def stop(consumer: str) -> Key:
    """Where the last walk of a consumer's sweep came to its end."""
    return Key("counters", "SWEEPS", consumer)


def _partition(line: Line) -> str:
    place = "" if line.kind is LineKind.CONTROL else f"#{line.namespace}"
    return f"T#{line.tenant}#{line.kind}{place}"
