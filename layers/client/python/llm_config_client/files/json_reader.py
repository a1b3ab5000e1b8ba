"""JSON by the domain's rules, and the line on which a document breaks one of them."""

import re

from llm_config_client.files.faults import Unreadable, line_within, too_deep
from llm_config_domain import json_text
from llm_config_domain.errors import Malformed
from llm_config_domain.json_text import Json

_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}:,]|[^\s\[\]{}:,"]+', re.DOTALL)
_COLON = re.compile(r"\s*:")
_CONSTANTS = ("NaN", "Infinity", "-Infinity")


def read(text: str, *, max_depth: int) -> Json:
    """The one document of `text`. Raises Unreadable, with the line."""
    if not text.strip():
        raise Unreadable("the file holds no value: write null for null")
    try:
        value = json_text.read(text)
    except Malformed as error:
        raise _told(error, text, max_depth) from None
    if depth(value, max_depth) > max_depth:
        raise _Walk(text, max_depth).fault() or Unreadable(too_deep(max_depth))
    return value


def depth(value: Json, enough: int) -> int:
    """How many lists and objects lie in each other, counted to one more than `enough`."""
    if enough < 0 or not isinstance(value, dict | list):
        return 0
    members = value.values() if isinstance(value, dict) else value
    return 1 + max((depth(member, enough - 1) for member in members), default=0)


def _told(error: Malformed, text: str, max_depth: int) -> Unreadable:
    """The domain says which rule; the parser below it, or a walk through the tokens, says where."""
    line = getattr(error.__cause__, "lineno", None)
    if line is not None:
        told = "not JSON: a comma, a quote or a bracket is missing or too many, here or before"
        return Unreadable(told, line_within(text, int(line)))
    return _Walk(text, max_depth).fault() or Unreadable(error.detail.replace("the body", "the value"))


class _Walk:
    """Goes through the tokens to find the line of what is not a matter of grammar."""

    def __init__(self, text: str, max_depth: int) -> None:
        self._text, self._max_depth = text, max_depth
        self._open: list[set[str] | None] = []  # of each object its names, None for a list

    def fault(self) -> Unreadable | None:
        for found in _TOKEN.finditer(self._text):
            if message := self._step(found.group(), found.end()):
                return Unreadable(message, self._text.count("\n", 0, found.start()) + 1)
        return None

    def _step(self, mark: str, end: int) -> str | None:
        if mark in ("[", "{"):
            self._open.append(None if mark == "[" else set())
            return too_deep(self._max_depth) if len(self._open) > self._max_depth else None
        if mark in ("]", "}") and self._open:
            self._open.pop()
        if mark in _CONSTANTS:
            return "NaN and Infinity are not JSON numbers: use null, or put the text in quotes"
        return self._text_step(mark, end) if mark.startswith('"') else None

    def _text_step(self, mark: str, end: int) -> str | None:
        try:
            name = json_text.read(mark)
        except Malformed:
            return "a text that is not closed, or holds a control character or half of a surrogate pair"
        names = self._open[-1] if self._open else None
        if names is None or not _COLON.match(self._text, end):
            return None
        if name in names:
            return "the same name twice in one object"
        names.add(name)
        return None
