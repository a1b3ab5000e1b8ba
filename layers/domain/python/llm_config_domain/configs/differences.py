"""From two values to what changed: a JSON Patch (RFC 6902), and words for people.

A walk of both values at once. Values are kept to the digit, so a difference is a difference of the stored text: 1 and
1.0 are equal to a `test` and different here, and so are 1.0 and 1.00. The order of an object's members is no
difference (RFC 8259 section 4): a patch does not keep it, and two orders of the same members give no operation.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from llm_config_domain import json_text
from llm_config_domain.configs.patch_documents import MAX_OPERATIONS, index_of, parts_of
from llm_config_domain.json_text import Json

MAX_PATHS, MAX_PATH = 5, 80
Operation = dict[str, Json]
_Path: TypeAlias = "tuple[()] | tuple[_Path, str | int]"
"""Grown from the end: a step costs one pair, and is written out only where something changed."""
_ABSENT = object()
_WORDS = {"add": "added", "remove": "removed", "replace": "replaced", "move": "moved", "copy": "copied"}


def diff(old: Json, new: Json) -> list[Operation]:
    """The JSON Patch that makes `new` of `old`: add, remove and replace, in the order of the walk; [] for no change.

    `apply_patch(old, diff(old, new))` is `new` to the digit. Arrays of one length are compared place by place; of two
    lengths, what they begin and end with in common is left alone. That is not always the least: an item put in at the
    front and one dropped at the end of an array rewrite what is between. The time grows with the size of the values
    and, at worst, with the depth of what changed. A place that would need more than 1,000 operations is replaced whole,
    so that every answer is a patch that `apply_patch` takes.

    The values in it are those of `new`, not copies.
    """
    found: list[Operation] = []
    _compare(old, new, (), found)
    return found


def summary(patch: Sequence[Mapping[str, Json]], old: Json = _ABSENT) -> str:
    """A patch in words, never with a value: `2 added, 1 removed: /a/b, /c, /d`. At most 5 places are named.

    With `old`, an `add` over a member that is there counts as replaced, which is what it does (RFC 6902 section 4.1).
    `patch` is one that `diff` made or `apply_patch` took.
    """
    changes = [(_word(change, old), str(change["path"])) for change in patch if change["op"] in _WORDS]
    if not changes:
        return "no change"
    counts = Counter(word for word, _ in changes)
    told = ", ".join(f"{counts[word]} {word}" for word in _WORDS.values() if word in counts)
    places = [_shown(path) for _, path in changes[:MAX_PATHS]]
    return f"{told}: {', '.join(places + ['...'] * (len(changes) > MAX_PATHS))}"


def _compare(old: Json, new: Json, path: _Path, found: list[Operation]) -> None:
    mark = len(found)
    if old.__class__ is dict is new.__class__:
        _compare_objects(old, new, path, found)
    elif old.__class__ is list is new.__class__:
        _compare_arrays(old, new, path, found)
    elif not _same(old, new):
        found.append(_operation("replace", path, new))
    if len(found) - mark > MAX_OPERATIONS:
        found[mark:] = [_operation("replace", path, new)]


def _operation(op: str, path: _Path, value: Json) -> Operation:
    parts = []
    while path:
        path, part = path
        parts.append(part)
    return {"op": op, "path": json_text.pointer(parts[::-1]), "value": value}


def _removal(path: _Path) -> Operation:
    return {name: member for name, member in _operation("remove", path, None).items() if name != "value"}


def _compare_objects(old: dict[str, Json], new: dict[str, Json], path: _Path, found: list[Operation]) -> None:
    removed = 0
    for name, member in old.items():
        other = new.get(name, _ABSENT)
        if other is _ABSENT:
            removed += 1
            found.append(_removal((path, name)))
        elif not _same(member, other):
            _compare(member, other, (path, name), found)
    if len(new) > len(old) - removed:
        found.extend(_operation("add", (path, name), member) for name, member in new.items() if name not in old)


def _compare_arrays(old: list[Json], new: list[Json], path: _Path, found: list[Operation]) -> None:
    head, tail = (0, 0) if len(old) == len(new) else _common_ends(old, new)
    kept = min(len(old), len(new)) - tail
    for index in range(head, kept):
        if not _same(old[index], new[index]):
            _compare(old[index], new[index], (path, index), found)
    found.extend(_removal((path, index)) for index in reversed(range(kept, len(old) - tail)))
    found.extend(_operation("add", (path, index), new[index]) for index in range(kept, len(new) - tail))


def _common_ends(old: list[Json], new: list[Json]) -> tuple[int, int]:
    shorter = min(len(old), len(new))
    head = tail = 0
    while head < shorter and _same(old[head], new[head]):
        head += 1
    while tail < shorter - head and _same(old[-1 - tail], new[-1 - tail]):
        tail += 1
    return head, tail


def _same(old: Json, new: Json) -> bool:
    """Equal to the digit; the order of members aside.

    First by Python's own `==`, which is ten times as fast as any walk and lets 1, 1.0 and True pass for one another;
    then, where all is equal so far, by a walk that looks at nothing but numbers.
    """
    return old is new or (bool(old == new) and _same_numbers(old, new))


def _same_numbers(old: Json, new: Json) -> bool:
    """Whether equal values have equal texts. The inner loop of a diff: it passes over all that is but text."""
    if old.__class__ is dict:
        for name, member in old.items():
            if member.__class__ is not str:
                other = new[name]
                if member is not other and not _same_numbers(member, other):
                    return False
        return True
    if old.__class__ is list:
        for member, other in zip(old, new, strict=True):
            if member.__class__ is not str and member is not other and not _same_numbers(member, other):
                return False
        return True
    return old.__class__ is new.__class__ and (old.__class__ is not Decimal or str(old) == str(new))


def _word(change: Mapping[str, Json], old: Json) -> str:
    if change["op"] == "add" and old is not _ABSENT and _is_member(old, parts_of(change["path"])):
        return _WORDS["replace"]
    return _WORDS[change["op"]]


def _is_member(value: Json, path: Sequence[str]) -> bool:
    """Whether the root or a member of an object stands there: what an `add` replaces. In an array it pushes aside."""
    parent = None
    for part in path:
        parent, value = value, _child(value, part)
    return value is not _ABSENT and not isinstance(parent, list)


def _child(value: Json, part: str) -> Json:
    if isinstance(value, dict):
        return value.get(part, _ABSENT)
    index = index_of(part, len(value)) if isinstance(value, list) else None
    return _ABSENT if index is None else value[index]


def _shown(path: str) -> str:
    """A path that fits a line: what does not print could write over the rest of a terminal's line."""
    plain = "".join(letter if letter.isprintable() else "\ufffd" for letter in path[: MAX_PATH + 1])
    return (plain[:MAX_PATH] + "..." if len(plain) > MAX_PATH else plain) or "the whole value"
