"""JSON as TOML 1.0 in one canonical form, for the values that TOML can hold.

TOML wants an object at the top, knows no null, and puts an object's plain members before its tables: names keep their
order among each other, but scalars and lists come first.
"""

import re
from collections.abc import Iterator

from llm_config_domain import json_text
from llm_config_domain.json_text import Json

WIDEST_LIST = 100
MAX_INTEGER = 2**63
"""TOML promises 64 bits (section "Integer"); other readers stop there."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPED = re.compile(
    '[\x00-\x1f"\\\\\x7f-\xa0\xad\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\U000e0000-\U000e0fff]'
)
_SHORT = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def holds(value: Json) -> bool:
    """Can TOML say `value`? The empty object cannot be told from a file without content."""
    return isinstance(value, dict) and bool(value) and _holds(value)


def _holds(value: Json) -> bool:
    if isinstance(value, dict | list):
        return all(map(_holds, value.values() if isinstance(value, dict) else value))
    if isinstance(value, int):
        return -MAX_INTEGER <= value < MAX_INTEGER
    return value is not None


def write(value: dict[str, Json]) -> str:
    """The text of a file. `value` is one that TOML `holds`."""
    return "\n".join(_table((), value)).strip("\n") + "\n"


def _table(path: tuple[str, ...], table: dict[str, Json], header: str = "") -> Iterator[str]:
    """The lines of a table, then those of the tables in it, each after an empty line."""
    own = {name: member for name, member in table.items() if not _is_table(member) and not _is_tables(member)}
    if header and (own or header.startswith("[[") or not table):
        yield from ("", header)
    for name, member in own.items():
        yield f"{_name(name)} = {_value(member, wide=True)}"
    for name, member in table.items():
        if name not in own:
            yield from _nested((*path, name), member)


def _nested(path: tuple[str, ...], member: Json) -> Iterator[str]:
    name = ".".join(map(_name, path))
    if isinstance(member, dict):
        yield from _table(path, member, f"[{name}]")
    else:
        for item in member:
            yield from _table(path, item, f"[[{name}]]")


def _is_table(value: Json) -> bool:
    return isinstance(value, dict) and bool(value)


def _is_tables(value: Json) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _value(value: Json, *, wide: bool = False) -> str:
    """`wide`: it stands on lines of its own and may take several."""
    if isinstance(value, dict):
        members = ", ".join(f"{_name(name)} = {_value(member)}" for name, member in value.items())
        return f"{{ {members} }}" if members else "{}"
    if isinstance(value, list):
        return _list([_value(item) for item in value], wide=wide)
    if isinstance(value, str):
        return _block(value) if wide and "\n" in value else f'"{_ESCAPED.sub(_escape, value)}"'
    return json_text.write(value)


def _list(items: list[str], *, wide: bool) -> str:
    line = f"[{', '.join(items)}]"
    if not wide or len(line) <= WIDEST_LIST:
        return line
    return "[\n" + "".join(f"  {item},\n" for item in items) + "]"


def _block(text: str) -> str:
    """Three quotes in a row would end the text, and one at its end would join them."""
    lines = (_ESCAPED.sub(_escape_in_block, line) for line in text.split("\n"))
    return '"""\n' + re.sub('(?<=")"|"\\Z', '\\\\"', "\n".join(lines)) + '"""'


def _escape_in_block(found: re.Match[str]) -> str:
    return '"' if found.group() == '"' else _escape(found)


def _escape(found: re.Match[str]) -> str:
    character = found.group()
    number = ord(character)
    return _SHORT.get(character) or (f"\\U{number:08x}" if number > 0xFFFF else f"\\u{number:04x}")


def _name(name: str) -> str:
    return name if _BARE.fullmatch(name) else f'"{_ESCAPED.sub(_escape, name)}"'
