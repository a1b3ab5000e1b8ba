"""dotenv: one NAME=value a line, each name an entry of its own, each value a text.

Names are lowered, because keys are; the name as it stood is kept by the caller as a tag. There is no standard, and
tools differ most in what `$` does, so a reference outside single quotes is refused: nothing is expanded, and nothing
that others would expand is stored as if it were meant.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from llm_config_client.files.faults import Unreadable
from llm_config_domain.errors import Malformed
from llm_config_domain.names import check_key

_LINE = re.compile(
    r"""[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=[ \t]*"""
    r"""(?:'(?P<literal>[^']*)'|"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>[^'"\n][^\n]*?|))"""
    r"""(?P<rest>[ \t]+\#[^\n]*|[ \t]*)(?:\n|\Z)""",
    re.VERBOSE | re.DOTALL,
)
_BLANK = re.compile(r"[ \t]*(?:#[^\n]*)?(?:\n|\Z)")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_REFERENCE = re.compile(r"(?<!\\)(?:\\\\)*\$[A-Za-z_{(]")
SHAPE = "write NAME=value, or NAME='value' when it holds quotes or #"
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", '"': '"', "'": "'", "$": "$", "\n": ""}


@dataclass(frozen=True, slots=True)
class Variable:
    """`key` is the name in lower case; `name` as it stood."""

    key: str
    name: str
    text: str
    line: int


def read(text: str) -> tuple[list[Variable], list[Unreadable]]:
    """The variables that can be read, and all that cannot."""
    found: dict[str, Variable] = {}
    wrong: list[Unreadable] = []
    for each in _each(text.replace("\r\n", "\n")):
        if isinstance(each, Variable) and each.key in found:
            each = Unreadable(
                f"the same name as in line {found[each.key].line}, when both are in lower case", each.line
            )
        if isinstance(each, Unreadable):
            wrong.append(each)
        else:
            found[each.key] = each
    return list(found.values()), wrong


def _each(text: str) -> Iterator[Variable | Unreadable]:
    at = 0
    while at < len(text):
        line = text.count("\n", 0, at) + 1
        found = _BLANK.match(text, at)
        if found is None:
            found = _LINE.match(text, at)
            yield _variable(found, line) if found else Unreadable(SHAPE, line)
        at = found.end() if found else _next_line(text, at)


def _next_line(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def _variable(found: re.Match[str], line: int) -> Variable | Unreadable:
    name = found["name"]
    try:
        return Variable(check_key(name.lower()), name, _text(found), line)
    except Malformed as error:
        return Unreadable(error.detail, line)
    except Unreadable as error:
        return Unreadable(error.message, line)


def _text(found: re.Match[str]) -> str:
    """Raises Unreadable for what other tools would expand."""
    if found["literal"] is not None:
        return found["literal"]
    text = found["quoted"] if found["quoted"] is not None else found["plain"]
    if _REFERENCE.search(text):
        raise Unreadable("a reference ($NAME) is not expanded: write the value out, or put it in single quotes")
    return _unescaped(text) if found["quoted"] is not None else text


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: ESCAPES.get(found.group(1), found.group()), text)
