"""The members of a value: which there are, which must be there, and what each may be. Nothing here quotes one: the names
of members are a part of the secret too, so an unknown one is told without its name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from llm_config_domain import times
from llm_config_domain.errors import Malformed, Violation
from llm_config_domain.json_text import Json
from llm_config_domain.secrets.types.placeholders import is_placeholder

MAX_MEMBERS = 100
MAX_TEXT = 64 * 1024
MAX_LISTED = 1000

Wrong = tuple[str, str]
"""(rule, message)"""
Check = Callable[[Json], Wrong | None]


@dataclass(frozen=True, slots=True)
class Members:
    """`others` is what a member of any other name may be; without it there is none."""

    known: Mapping[str, Check]
    required: frozenset[str] = field(default_factory=frozenset)
    others: Check | None = None

    def violations(self, value: Json) -> tuple[Violation, ...]:
        if not isinstance(value, dict):
            return (Violation("", "type", f"this type's value is an object: {self._told()}"),)
        if len(value) > MAX_MEMBERS:
            return (Violation("", "members", f"the value has at most {MAX_MEMBERS} members"),)
        found = [Violation(f"/{name}", "required", "this must be there") for name in sorted(self.required - set(value))]
        if self.others is None and set(value) - set(self.known):
            found.append(
                Violation("", "members", f"the value has a member that this type does not know: {self._told()}")
            )
        return (*found, *self._wrong(value))

    def _wrong(self, value: Mapping[str, Json]) -> list[Violation]:
        found: list[Violation] = []
        for name, member in value.items():
            check = self.known.get(name, self.others)
            wrong = check(member) if check else None
            if wrong is not None:
                found.append(Violation(f"/{name}" if name in self.known else "", *wrong))
        return found

    def _told(self) -> str:
        return ", ".join(name if name in self.required else f"{name}?" for name in self.known)


def text(value: Json) -> Wrong | None:
    if not isinstance(value, str):
        return "type", "this is a text"
    if not value or len(value) > MAX_TEXT:
        return "length", f"this is a text of 1 to {MAX_TEXT} characters"
    return None


def secret_text(value: Json) -> Wrong | None:
    """A text that lets somebody in."""
    wrong = text(value)
    if wrong is None and is_placeholder(value):
        return "placeholder", "this stands where a secret should be: send the real one"
    return wrong


def scalar(value: Json) -> Wrong | None:
    """What a provider adds of its own: a text, a number, true or false."""
    if isinstance(value, dict | list) or value is None:
        return "type", "a member that the type does not name is a text, a number, true or false"
    return None


def texts(value: Json) -> Wrong | None:
    if not isinstance(value, list) or len(value) > MAX_LISTED or any(text(each) for each in value):
        return "type", f"this is a list of at most {MAX_LISTED} texts"
    return None


def text_or_texts(value: Json) -> Wrong | None:
    """As OAuth writes scopes: a list, or one text with spaces (RFC 6749 section 3.3)."""
    return text(value) if isinstance(value, str) else texts(value)


def scalars(value: Json) -> Wrong | None:
    if not isinstance(value, dict) or len(value) > MAX_MEMBERS or any(scalar(each) for each in value.values()):
        return "type", f"this is an object of at most {MAX_MEMBERS} texts, numbers, true or false"
    return None


def whole(low: int, high: int) -> Check:
    def check(value: Json) -> Wrong | None:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            return "range", f"this is a whole number from {low} to {high}"
        return None

    return check


def one_of(*words: str) -> Check:
    def check(value: Json) -> Wrong | None:
        return None if value in words else ("enum", f"this is one of {', '.join(words)}")

    return check


def moment(value: Json) -> Wrong | None:
    try:
        times.normal(value if isinstance(value, str) else "")
    except Malformed:
        return "format", "this is a time as RFC 3339 writes it: 2026-01-31T12:00:00Z"
    return None
