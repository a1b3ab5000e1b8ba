"""How much work a schema can make of a value, found out before it is done.

A schema of a kilobyte can double its work at each reference, or at each level of the value: `{"oneOf": [A, A]}` where
A is `{"oneOf": [B, B]}`, and so on. The library answers in its own time and cannot be stopped, so what would take too
long is refused. The bound is counted, not guessed: for each depth of a value, how often a place of it can be looked
at, from the subschemas that lead to one another there.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from llm_config.adapters.json_schema.documents import SchemaDocument, Subschema, refused
from llm_config_domain import json_text
from llm_config_domain.errors import ValueRefused, Violation
from llm_config_domain.json_text import Json

MAX_LOOKS = 20_000_000
"""Looks at a place of the value: some 20 ns each when all is well."""
MAX_TOLD_LOOKS = 200_000
"""As many can be told in detail: every one of them can be a violation, of some microseconds and half a kilobyte."""
MAX_PATTERN_CHARACTERS = 10_000_000
"""Patterns times characters of text: up to a microsecond each, for a pattern made to be slow."""
MAX_NODES = 512 * 1024
"""Places in the largest value: 1 MiB of `0,`."""
MAX_EXTREMES, MAX_DIGITS, MAX_EXPONENT = 100, 1000, 10_000
"""Numbers that no double and no 64-bit integer can hold: the library compares two of them in microseconds, and each
with each for `uniqueItems`."""


@dataclass(frozen=True, slots=True)
class Size:
    """Of a value: its places, its depth, and the characters of its texts and names."""

    nodes: int
    depth: int
    characters: int


@dataclass(frozen=True, slots=True)
class Workload:
    """`looks[d]`: how often one place of a value of depth `d` can be looked at; deeper ones as the last says.
    `exacting`: the schema compares numbers in a way that extreme ones make slow."""

    looks: Sequence[int]
    patterns: int
    exacting: bool

    def check(self, value: Json) -> None:
        """Raises ValueRefused for a value that would take too long. Most schemas are so plain that it need not look."""
        if self.exacting:
            _check_numbers(_numbers(value))
        if self.looks[-1] * MAX_NODES <= MAX_LOOKS and self.patterns * 2 * MAX_NODES <= MAX_PATTERN_CHARACTERS:
            return
        size = size_of(value)
        if self.total(size) > MAX_LOOKS or self.patterns * size.characters > MAX_PATTERN_CHARACTERS:
            raise ValueRefused("checking this value against this schema would take too long: make one of them simpler")

    def total(self, size: Size) -> int:
        return self.looks[min(size.depth, len(self.looks) - 1)] * size.nodes


def workload(document: SchemaDocument) -> Workload:
    """Raises ValueRefused for references that lead round in a circle without going into the value."""
    numbers = list(_numbers(document.members))
    _check_numbers(numbers)
    subschemas = document.subschemas
    comparing = any("uniqueItems" in one.members or "multipleOf" in one.members for one in subschemas)
    exacting = comparing or any(map(_is_extreme, numbers))
    return Workload(_looks(_ordered(subschemas), subschemas[0]), document.patterns, exacting)


def size_of(value: Json) -> Size:
    nodes = characters = depth = 0
    level = [value]
    while level:
        nodes, depth = nodes + len(level), depth + 1
        characters += sum(len(one) for one in level if isinstance(one, str))
        characters += sum(sum(map(len, one)) for one in level if isinstance(one, dict))
        level = [member for one in level for member in _members(one)]
    return Size(nodes, depth, characters)


def _members(value: Json) -> Iterable[Json]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _numbers(value: Json) -> Iterator[int | Decimal]:
    level = [value]
    while level:
        yield from (one for one in level if json_text.is_number(one))
        level = [member for one in level for member in _members(one)]


def _is_extreme(number: int | Decimal) -> bool:
    if isinstance(number, int):
        return number.bit_length() > 63
    return not -300 < number.adjusted() < 300 or len(number.as_tuple().digits) > 100


def _check_numbers(numbers: Iterable[int | Decimal]) -> None:
    extremes = [number for number in numbers if _is_extreme(number)]
    if len(extremes) > MAX_EXTREMES or any(map(_is_beyond, extremes)):
        raise ValueRefused(
            "what is compared here has at most 100 numbers beyond 64 bits or a double's range, of at most 1,000 digits"
        )


def _is_beyond(number: int | Decimal) -> bool:
    exact = Decimal(number)
    return len(exact.as_tuple().digits) > MAX_DIGITS or abs(exact.adjusted()) > MAX_EXPONENT


def _ordered(subschemas: list[Subschema]) -> list[Subschema]:
    """Each after those that look at the same place because of it (a depth-first search without recursion)."""
    done: dict[int, bool] = {}
    order: list[Subschema] = []
    for start in subschemas:
        stack = [(start, iter(start.here))] if id(start) not in done else []
        done.setdefault(id(start), False)
        while stack:
            schema, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                done[id(schema)] = True
                order.append(schema)
                stack.pop()
            elif id(following) not in done:
                done[id(following)] = False
                stack.append((following, iter(following.here)))
            elif not done[id(following)]:
                place = json_text.pointer(following.path)
                raise refused(
                    [Violation(place, "$ref", "references lead round in a circle here, and never into the value")]
                )
    return order


def _looks(order: list[Subschema], root: Subschema) -> list[int]:
    """By depth of a value, until it grows no more."""
    before: dict[int, int] = {}
    looks: list[int] = []
    for _ in range(json_text.MAX_DEPTH + 1):
        now: dict[int, int] = {}
        for schema in order:
            apart = max((before.get(id(one), 0) for one in schema.apart), default=0)
            below = sum(before.get(id(one), 0) for one in schema.below)
            here = sum(now[id(one)] for one in schema.here)
            now[id(schema)] = min(_own(schema) + here + below + apart, MAX_LOOKS + 1)
        looks.append(now[id(root)])
        if now == before:
            break
        before = now
    return looks


def _own(schema: Subschema) -> int:
    """One look, and some more for each object or array of an enum: those are tried one by one."""
    options = schema.members.get("enum")
    return 1 + 4 * sum(isinstance(option, dict | list) for option in options) if isinstance(options, list) else 1
