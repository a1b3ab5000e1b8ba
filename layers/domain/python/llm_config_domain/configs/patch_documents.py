"""A JSON Patch as it came (RFC 6902), read into operations or refused as a whole: here is form, not effect."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from llm_config_domain.errors import Malformed, TooLarge, Violation
from llm_config_domain.json_text import Json

MAX_OPERATIONS = 1000
MAX_VIOLATIONS = 20
Parts = tuple[str, ...]
_NEEDS = {
    "add": ("path", "value"),
    "remove": ("path",),
    "replace": ("path", "value"),
    "move": ("path", "from"),
    "copy": ("path", "from"),
    "test": ("path", "value"),
}
"""What each operation must have (RFC 6902 section 4). Members that an operation does not define are ignored, as the
same section demands: writers exist that send `value: null` with a `remove`."""
_INDEX = re.compile(r"0|[1-9][0-9]*")
_BAD_ESCAPE = re.compile(r"~(?![01])")


@dataclass(frozen=True, slots=True)
class PatchOperation:
    """One operation. `source` is where `from` points; `value` means something for add, replace and test alone."""

    op: str
    path: Parts
    source: Parts = ()
    value: Json = None


def read_operations(document: Json) -> list[PatchOperation]:
    """The operations of a JSON Patch document.

    Raises Malformed, naming each place as `/3/path` (at most 20 of them), and TooLarge for more than 1,000 operations.
    """
    if not isinstance(document, list):
        raise Malformed("a JSON Patch is a list of operations (RFC 6902)")
    if len(document) > MAX_OPERATIONS:
        raise TooLarge("a JSON Patch has at most 1,000 operations", limit=MAX_OPERATIONS, current=len(document))
    violations = [broken for index, item in enumerate(document) for broken in _violations(item, f"/{index}")]
    if violations:
        raise Malformed("the JSON Patch is not well formed (RFC 6902)", violations=violations[:MAX_VIOLATIONS])
    return [_operation(item) for item in document]


def parts_of(pointer: str) -> Parts:
    """The reference tokens of a JSON Pointer (RFC 6901 section 4); `""` is the root and has none. Raises Malformed."""
    problem = _problem(pointer)
    if problem:
        raise Malformed(problem)
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])


def index_of(part: str, length: int) -> int | None:
    """The index that a reference token means in an array of this length (RFC 6901 section 4); None when it means none.

    Digits, and no zero before them; of an array of a length that is none of ours, nothing is computed.
    """
    if not _INDEX.fullmatch(part) or len(part) > len(str(length)):
        return None
    return index if (index := int(part)) < length else None


def _operation(item: dict[str, Json]) -> PatchOperation:
    op = item["op"]
    source = parts_of(item["from"]) if "from" in _NEEDS[op] else ()
    return PatchOperation(op, parts_of(item["path"]), source, item["value"] if "value" in _NEEDS[op] else None)


def _violations(item: Json, at: str) -> Iterator[Violation]:
    if not isinstance(item, dict):
        yield Violation(at, "object", "an operation is an object")
        return
    op = item.get("op")
    if not isinstance(op, str) or op not in _NEEDS:
        yield Violation(f"{at}/op", "op", "op is add, remove, replace, move, copy or test")
        return
    for member in _NEEDS[op]:
        if member not in item:
            yield Violation(f"{at}/{member}", "missing", f"{op} needs {member}")
        elif member != "value" and (problem := _problem(item[member])):
            yield Violation(f"{at}/{member}", "pointer", problem)


def _problem(pointer: Json) -> str | None:
    """What is wrong with it as a JSON Pointer (RFC 6901 section 3)."""
    if not isinstance(pointer, str):
        return "a JSON Pointer is text"
    if pointer and not pointer.startswith("/"):
        return "a JSON Pointer is empty or begins with '/'"
    if _BAD_ESCAPE.search(pointer):
        return "in a JSON Pointer '~' is written ~0, and '/' in a name ~1"
    return None
