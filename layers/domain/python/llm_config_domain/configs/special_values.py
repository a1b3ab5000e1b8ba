"""Values that mean something: `{"$secret": "namespace/key[@version|stage]"}` and `{"$literal": ...}`.

`$ref`, `$template` and `$unset` are reserved: a value that holds one is refused, so that no reader meets one that
was stored before it meant anything. A plain object that needs such a name stands inside `$literal`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from llm_config_domain import json_text
from llm_config_domain.errors import Malformed, ValueRefused, Violation
from llm_config_domain.json_text import Json
from llm_config_domain.names import split_path

SECRET = "$secret"  # noqa: S105 - a name, not a value
LITERAL = "$literal"
RESERVED = frozenset({"$ref", "$template", "$unset"})
SPECIAL = RESERVED | {SECRET, LITERAL}
_VERSION = re.compile(r"[1-9][0-9]{0,8}")
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class SecretReference:
    """`version` None means the current one. The environment is always the one that is being resolved."""

    path: str
    version: int | None = None


def is_special(value: Json) -> bool:
    return isinstance(value, dict) and not SPECIAL.isdisjoint(value)


def parse_reference(text: Json) -> SecretReference:
    """Raises Malformed for anything but `namespace/key`, `namespace/key@7` or `namespace/key@current`."""
    if not isinstance(text, str):
        raise Malformed("a secret reference is text: namespace/key")
    path, at, selector = text.partition("@")
    split_path(path)
    if not at or selector == "current":
        return SecretReference(path)
    if not _VERSION.fullmatch(selector):
        raise Malformed("after '@' stands a version or the stage 'current'")
    return SecretReference(path, int(selector))


def check(value: Json) -> None:
    """Raises ValueRefused, naming each place where a special value is not well formed."""
    violations = list(_violations(value, ()))
    if violations:
        raise ValueRefused("the value holds special objects that cannot be stored", violations=violations)


def reference_pointers(value: Json) -> list[str]:
    """Where secrets stand in `value`, by JSON Pointer: the places of its `$secret` references."""
    return [json_text.pointer(path) for path, special in _specials(value, ()) if SECRET in special]


def _specials(value: Json, path: Path) -> Iterator[tuple[Path, dict[str, Json]]]:
    if is_special(value):
        yield path, value
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from _specials(member, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _specials(item, (*path, index))


def _violations(value: Json, at: Path) -> Iterator[Violation]:
    for path, special in _specials(value, at):
        problem = _problem(special)
        if problem:
            rule, message = problem
            yield Violation(json_text.pointer(path), rule, message)


def _problem(special: dict[str, Json]) -> tuple[str, str] | None:
    if not RESERVED.isdisjoint(special):
        return "reserved", "$ref, $template and $unset cannot be stored yet; wrap a plain object in $literal"
    if len(special) != 1:
        return "special_alone", "a special object has no other member"
    if SECRET in special:
        try:
            parse_reference(special[SECRET])
        except Malformed as error:
            return "secret_reference", error.detail
    return None
