"""Changing a value by a patch: JSON Patch (RFC 6902) and JSON Merge Patch (RFC 7396).

All or nothing: a patch is applied to a copy, so a refusal has changed nothing, and nothing in a result is shared with
what it was made from. What a patch makes is no more than a PUT could have brought: as deep, and as large.

`diff` and `summary`, the way back from two values to a patch, are in `differences` and can be had from here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NoReturn

from llm_config_domain import json_text
from llm_config_domain.configs.differences import diff, summary
from llm_config_domain.configs.entries import MAX_VALUE_BYTES, value_text
from llm_config_domain.configs.patch_documents import Parts, PatchOperation, index_of, read_operations
from llm_config_domain.configs.special_values import is_special
from llm_config_domain.errors import Conflict, TooLarge, ValueRefused, Violation
from llm_config_domain.json_text import Json

__all__ = ["MAX_COPIED", "MAX_LEVELS", "apply_merge_patch", "apply_patch", "diff", "summary"]

MAX_LEVELS = json_text.MAX_DEPTH - 1
"""A value stands in the body of a PUT, and in the answer of a GET, whose own object is one level more."""
MAX_COPIED = 3 * MAX_VALUE_BYTES
"""Characters of JSON that one patch may put into its result, taken out again or not: the old value and what is added,
moved and copied. A patch of a few hundred bytes that doubles a value by each `copy` ends here, and so does one that
copies and removes a large value a thousand times. Twice a value's size is what a diff of two values can need."""


def apply_patch(value: Json, operations: Json) -> Json:
    """`value` after a JSON Patch (RFC 6902): `operations` is the document as it was read, a list of objects.

    `test` compares numbers by value, as RFC 6902 section 4.6 says: 1, 1.0 and 1e0 are equal; true and 1 are not.
    The root can be replaced and not removed: a config without a value is a deletion, which is another operation.

    Raises Malformed for a document that is no patch (violations at `/3/path`), ValueRefused for an operation that
    does not apply (violation at `/3`), Conflict when a `test` fails, its place being absent among the reasons,
    TooLarge for more than 1,000 operations and for a result that is too deep or too large. No message quotes input.
    """
    steps = read_operations(operations)
    document = _Document(value)
    for index, step in enumerate(steps):
        try:
            _APPLY[step.op](document, step)
        except _Inapplicable as problem:
            _refuse(index, step.op, problem)
    value_text(document.root)
    return document.root


def apply_merge_patch(value: Json, patch: Json) -> Json:
    """`value` after a JSON Merge Patch (RFC 7396): objects merge deep, null removes, anything else replaces.

    A special object (`$secret`, `$literal`, ...) on either side is one thing with a meaning, like text: it is replaced
    whole and replaces whole, nulls and all. Merging into it would make an object that has a reference and more, which
    no rule lets be stored, and a null in a `$literal` is content, not an order. Layers merge by the same rule.

    Raises TooLarge for a result that is too deep or too large.
    """
    merged = _merged(value, patch, _Copier(), MAX_LEVELS)
    value_text(merged)
    return merged


class _Inapplicable(Exception):
    """An operation that finds no place to act: the rule that it breaks, and words for it."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule, self.message = rule, message


def _refuse(index: int, op: str, problem: _Inapplicable) -> NoReturn:
    violation = Violation(f"/{index}", problem.rule, problem.message)
    if op == "test":
        raise Conflict(f"the test of operation {index} failed; nothing was changed", violations=[violation]) from None
    raise ValueRefused(f"operation {index} does not apply; nothing was changed", violations=[violation]) from None


@dataclass(slots=True)
class _Copier:
    """Makes what goes into a result, within what one patch may make."""

    left: int = MAX_COPIED

    def copy(self, value: Json, levels: int) -> Json:
        """A copy that shares nothing that can be changed. Raises TooLarge beyond `levels` of nesting."""
        if isinstance(value, dict):
            check_levels(levels)
            self._spend(2 + 4 * len(value) + sum(map(len, value)))
            return {name: self.copy(member, levels - 1) for name, member in value.items()}
        if isinstance(value, list):
            check_levels(levels)
            self._spend(2 + len(value))
            return [self.copy(item, levels - 1) for item in value]
        self._spend(_width(value))
        return value

    def _spend(self, characters: int) -> None:
        self.left -= characters
        if self.left < 0:
            raise TooLarge("what the patch moves and copies is too much", limit=MAX_COPIED)


def check_levels(left: int) -> None:
    if left < 1:
        raise TooLarge(f"a value is nested at most {MAX_LEVELS} levels deep", limit=MAX_LEVELS)


def _width(leaf: Json) -> int:
    """The characters of its text, or somewhat fewer: immutable, so a copy takes no memory before it is written out."""
    if isinstance(leaf, str):
        return len(leaf) + 2
    if isinstance(leaf, Decimal):
        return len(str(leaf))
    return leaf.bit_length() // 4 if isinstance(leaf, int) else 4


@dataclass(slots=True)
class _Document:
    """A value that is being patched: a copy of its own."""

    root: Json
    copier: _Copier = field(default_factory=_Copier)

    def __post_init__(self) -> None:
        self.root = self.copier.copy(self.root, MAX_LEVELS)

    def at(self, path: Parts) -> Json:
        found = self.root
        for part in path:
            found = found[_place(found, part)]
        return found

    def add(self, path: Parts, value: Json) -> None:
        """Put a copy of `value` at `path` (RFC 6902 section 4.1)."""
        made = self.copier.copy(value, MAX_LEVELS - len(path))
        if not path:
            self.root = made
            return
        parent, last = self.at(path[:-1]), path[-1]
        if isinstance(parent, list):
            parent.insert(len(parent) if last == "-" else _index(last, len(parent) + 1), made)
        elif isinstance(parent, dict):
            parent[last] = made
        else:
            raise _Inapplicable("scalar", "its path leads into something that has no members")

    def replace(self, path: Parts, value: Json) -> None:
        made = self.copier.copy(value, MAX_LEVELS - len(path))
        if not path:
            self.root = made
            return
        parent = self.at(path[:-1])
        parent[_place(parent, path[-1])] = made

    def remove(self, path: Parts) -> Json:
        if not path:
            raise _Inapplicable("root", "the root cannot be removed: replace it, or delete the config")
        parent = self.at(path[:-1])
        place = _place(parent, path[-1])
        return parent.pop(place)


def _place(parent: Json, part: str) -> str | int:
    """The name or index of a member that is there (RFC 6901 section 4)."""
    if isinstance(parent, dict):
        if part not in parent:
            raise _Inapplicable("absent", "there is nothing at its path")
        return part
    if isinstance(parent, list):
        return _index(part, len(parent))
    raise _Inapplicable("scalar", "its path leads into something that has no members")


def _index(part: str, length: int) -> int:
    index = index_of(part, length)
    if index is None:
        raise _Inapplicable("index", "the array has no such index ('-' is for add, and no index begins with a 0)")
    return index


def _add(document: _Document, step: PatchOperation) -> None:
    document.add(step.path, step.value)


def _remove(document: _Document, step: PatchOperation) -> None:
    document.remove(step.path)


def _replace(document: _Document, step: PatchOperation) -> None:
    document.replace(step.path, step.value)


def _move(document: _Document, step: PatchOperation) -> None:
    if step.path == step.source:
        document.at(step.source)
    elif step.path[: len(step.source)] == step.source:
        raise _Inapplicable("own_child", "nothing can be moved into itself")
    else:
        document.add(step.path, document.remove(step.source))


def _copy(document: _Document, step: PatchOperation) -> None:
    document.add(step.path, document.at(step.source))


def _test(document: _Document, step: PatchOperation) -> None:
    if not _equal(document.at(step.path), step.value):
        raise _Inapplicable("test", "what is there is not what the test names")


_APPLY: dict[str, Callable[[_Document, PatchOperation], None]] = {
    "add": _add,
    "remove": _remove,
    "replace": _replace,
    "move": _move,
    "copy": _copy,
    "test": _test,
}


def _equal(one: Json, other: Json) -> bool:
    """Equality as RFC 6902 section 4.6 has it: numbers by value, objects without order, text by its characters."""
    if json_text.is_number(one) and json_text.is_number(other):
        return bool(one == other)
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_equal(member, other[name]) for name, member in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_equal, one, other))
    return bool(one == other)


def _merged(target: Json, patch: Json, copier: _Copier, levels: int) -> Json:
    """MergePatch of RFC 7396 section 2. What the patch names stands last, in the patch's order."""
    if not _is_plain_object(patch):
        return copier.copy(patch, levels)
    check_levels(levels)
    below = target if _is_plain_object(target) else {}
    made = {name: copier.copy(member, levels - 1) for name, member in below.items() if name not in patch}
    for name, member in patch.items():
        if member is not None:
            made[name] = _merged(below.get(name), member, copier, levels - 1)
    return made


def _is_plain_object(value: Json) -> bool:
    return isinstance(value, dict) and not is_special(value)
