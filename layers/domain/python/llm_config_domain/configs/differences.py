"""From two values to what changed: a JSON Patch (RFC 6902), and words for people.

A walk of both values at once. Values are kept to the digit, so a difference is a difference of the stored text: 1 and
1.0 are equal to a `test` and different here, and so are 1.0 and 1.00. The order of an object's members is no
difference (RFC 8259 section 4): a patch does not keep it, and two orders of the same members give no operation.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

from llm_config_domain import json_text
from llm_config_domain.configs.patch_documents import MAX_OPERATIONS, index_of, parts_of
from llm_config_domain.json_text import Json

MAX_PATHS, MAX_PATH = 5, 80
Operation = dict[str, Json]
_Path = tuple[str | int, ...]
_ABSENT = object()
_WORDS = {"add": "added", "remove": "removed", "replace": "replaced", "move": "moved", "copy": "copied"}


def diff(old: Json, new: Json) -> list[Operation]:
    """The JSON Patch that makes `new` of `old`: add, remove and replace, in the order of the walk; [] for no change.

    `apply_patch(old, diff(old, new))` is `new` to the digit. Arrays of one length are compared place by place; of two
    lengths, what they begin and end with in common is left alone. That is linear, and not always the least: an item
    put in at the front and one dropped at the end of an array rewrite what is between. A place that would need more
    than 1,000 operations is replaced whole, so that every answer is a patch that `apply_patch` takes.

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
    kind, mark = old.__class__, len(found)
    if kind is not new.__class__:
        found.append(_replacement(path, new))
    elif kind is dict:
        _compare_objects(old, new, path, found)
    elif kind is list:
        _compare_arrays(old, new, path, found)
    elif not _same(old, new):
        found.append(_replacement(path, new))
    if len(found) - mark > MAX_OPERATIONS:
        found[mark:] = [_replacement(path, new)]


def _replacement(path: _Path, value: Json) -> Operation:
    return {"op": "replace", "path": json_text.pointer(path), "value": value}


def _compare_objects(old: dict[str, Json], new: dict[str, Json], path: _Path, found: list[Operation]) -> None:
    """The inner loop of a diff: equal texts and integers, which most members are, cost no call."""
    for name, member in old.items():
        other = new.get(name, _ABSENT)
        kind = member.__class__
        if member is other or (kind is other.__class__ and (kind is str or kind is int) and member == other):
            continue
        if other is _ABSENT:
            found.append({"op": "remove", "path": json_text.pointer((*path, name))})
        else:
            _compare(member, other, (*path, name), found)
    if not new.keys() <= old.keys():
        for name, member in new.items():
            if name not in old:
                found.append({"op": "add", "path": json_text.pointer((*path, name)), "value": member})


def _compare_arrays(old: list[Json], new: list[Json], path: _Path, found: list[Operation]) -> None:
    """Linear, also in arrays of arrays: arrays of two lengths are never walked by `_same`, so an item is looked at by
    the ends of one array around it and by no other."""
    shorter = min(len(old), len(new))
    head = tail = 0
    if len(old) != len(new):
        while head < shorter and _same(old[head], new[head]):
            head += 1
        while tail < shorter - head and _same(old[-1 - tail], new[-1 - tail]):
            tail += 1
    kept = shorter - tail
    for index in range(head, kept):
        if old[index] is not new[index]:
            _compare(old[index], new[index], (*path, index), found)
    for index in reversed(range(kept, len(old) - tail)):
        found.append({"op": "remove", "path": json_text.pointer((*path, index))})
    for index in range(kept, len(new) - tail):
        found.append({"op": "add", "path": json_text.pointer((*path, index)), "value": new[index]})


def _same(old: Json, new: Json) -> bool:
    """Equal to the digit; the order of members aside."""
    kind = old.__class__
    if kind is not new.__class__:
        return False
    if kind is dict:
        return len(old) == len(new) and all(_same(member, new.get(name, _ABSENT)) for name, member in old.items())
    if kind is list:
        return len(old) == len(new) and all(map(_same, old, new))
    return bool(old == new) and (kind is not Decimal or str(old) == str(new))


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
