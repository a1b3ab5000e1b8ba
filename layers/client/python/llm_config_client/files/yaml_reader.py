"""YAML as JSON, by the core schema of YAML 1.2 (section 10.3.2), to the digit.

PyYAML's parser finds the structure; what a scalar means is decided here, because PyYAML's own rules are of YAML 1.1,
where `no` is false, `1_000` a number and `12:30:00` forty-five thousand. Here these are text, as are dates.
What two readers could take for two values is refused: the same name twice, a number with leading zeros (octal in 1.1,
decimal in 1.2), `<<` (merged in 1.1, a plain name in 1.2), tags. Aliases are refused because a few lines of them
are gigabytes of value. A name is text as it is written: `on: 1` and `8080: 1` have the names "on" and "8080".
"""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

import yaml

from llm_config_client.files.faults import Unreadable, line_within, too_deep
from llm_config_domain.json_text import Json

PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where PyYAML was built with it: the same events, twenty times as fast."""

WORDS: dict[str, Json] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FRACTION = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]")

NO_VALUE = "the file holds no value: write null for null"
TOLD = (
    ("tab", "a tab stands where YAML wants spaces"),
    ("cannot start any token", "a character here begins nothing: put the text in quotes; indent with spaces, not tabs"),
    ("mapping values are not allowed", "a second colon on this line, or a wrong indentation: put the text in quotes"),
    ("end of stream", "a quoted text or a bracket that begins here is not closed"),
    ("',' or ']'", "a list in brackets is not closed, or a comma is missing before this line"),
    ("',' or '}'", "an object in braces is not closed, or a comma is missing before this line"),
    ("expected key", "this line is not indented as the lines before it"),
    ("'-' indicator", "this line is not indented as the lines before it"),
    ("<document start>", "something follows the end of the value"),
    ("simple key", "a name without its colon, or a colon without its space"),
    ("escape", "an escape that YAML does not know, or half of a surrogate pair"),
    ("duplicate anchor", "the same anchor twice"),
)


def read(text: str, *, max_depth: int) -> Json:
    """The one document of `text`. Raises Unreadable, with the line."""
    events: Iterator[yaml.Event] = yaml.parse(text, Loader=PARSER)
    try:
        start = next((event for event in events if isinstance(event, yaml.DocumentStartEvent)), None)
        if start is None:
            raise Unreadable(NO_VALUE)
        _check_version(start)
        value = _Document(events, max_depth).read()
        _check_end(events)
    except yaml.YAMLError as error:
        raise _not_yaml(error, text) from None
    return value


class _Document:
    """Builds one value from its events."""

    def __init__(self, events: Iterator[yaml.Event], max_depth: int) -> None:
        self._events, self._max_depth = events, max_depth

    def read(self) -> Json:
        first = next(self._events)
        if isinstance(first, yaml.ScalarEvent) and first.value == "" and first.implicit[0]:
            raise Unreadable(NO_VALUE)
        return self._value(first, 0)

    def _value(self, event: yaml.Event, depth: int) -> Json:
        _check_node(event)
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        if depth == self._max_depth:
            raise Unreadable(too_deep(self._max_depth), _line(event))
        if isinstance(event, yaml.SequenceStartEvent):
            return [self._value(item, depth + 1) for item in self._until(yaml.SequenceEndEvent)]
        return self._mapping(depth + 1)

    def _mapping(self, depth: int) -> dict[str, Json]:
        members: dict[str, Json] = {}
        for event in self._until(yaml.MappingEndEvent):
            name = _name(event)
            if name in members:
                raise Unreadable("the same name twice in one object", _line(event))
            members[name] = self._value(next(self._events), depth)
        return members

    def _until(self, end: type[yaml.Event]) -> Iterator[yaml.Event]:
        for event in self._events:
            if isinstance(event, end):
                return
            yield event


def _check_node(event: yaml.Event) -> None:
    if isinstance(event, yaml.AliasEvent):
        raise Unreadable("an alias (*name): write the value out where it is used", _line(event))
    if getattr(event, "tag", None) is not None:
        raise Unreadable("a tag (!name): JSON has no types of one's own, leave it out", _line(event))


def _name(event: yaml.Event) -> str:
    _check_node(event)
    if not isinstance(event, yaml.ScalarEvent):
        raise Unreadable("a name must be text, not a list or an object", _line(event))
    if event.implicit[0] and event.value in ("<<", ""):
        told = "a merge key (<<) is not of YAML 1.2: write the members out" if event.value else "a name is missing"
        raise Unreadable(told, _line(event))
    return str(event.value)


def _scalar(event: yaml.ScalarEvent) -> Json:
    """Only what stands there plain can be anything but text."""
    text = str(event.value)
    if not event.implicit[0]:
        return text
    if text in WORDS:
        return WORDS[text]
    try:
        return _number(text)
    except Unreadable as error:
        raise Unreadable(error.message, _line(event)) from None
    except (ValueError, InvalidOperation):
        raise Unreadable("a number with too many digits, or too large an exponent", _line(event)) from None


def _number(text: str) -> Json:
    """`text` as it is, when it is none."""
    if _NOT_FINITE.fullmatch(text):
        raise Unreadable("NaN and Infinity are not JSON numbers: use null, or put the text in quotes")
    if _OCTAL.fullmatch(text) or _HEXADECIMAL.fullmatch(text):
        return int(text, 0)
    if not _FRACTION.fullmatch(text):
        return text
    if _LEADING_ZERO.match(text):
        raise Unreadable("a number with leading zeros is octal to some readers: quote it, or write 0o17 or 15")
    return int(text) if _INTEGER.fullmatch(text) else Decimal(text)


def _check_version(event: yaml.DocumentStartEvent) -> None:
    if event.version is not None and tuple(event.version) == (1, 1):
        raise Unreadable("files are read as YAML 1.2: take the %YAML 1.1 line out", _line(event))


def _check_end(events: Iterator[yaml.Event]) -> None:
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            raise Unreadable("a second document (---) begins: one file is one value", _line(event))


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _not_yaml(error: yaml.YAMLError, text: str) -> Unreadable:
    """The parser's problem in our words: some of its own quote the file."""
    problem = str(getattr(error, "problem", None) or "")
    mark = getattr(error, "problem_mark", None)
    if "end of stream" in problem:
        mark = getattr(error, "context_mark", None) or mark
    told = next((ours for theirs, ours in TOLD if theirs in problem), "")
    if mark is None:
        return _control_character(text)
    return Unreadable(f"not YAML: {told}" if told else "not YAML", line_within(text, int(mark.line) + 1))


_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _control_character(text: str) -> Unreadable:
    """YAML 1.2 section 5.1: the reader stops before it has a place to tell."""
    found = _CONTROL.search(text)
    line = text.count("\n", 0, found.start()) + 1 if found else 0
    return Unreadable("not YAML: a control character; in double quotes it is written \\x00", line)
