"""A schema as a document: which draft it is, which subschemas it has, where its references lead. No library, no IO.

What the library would do with a reference to somewhere else is never found out: it is refused here, and the library
is told to stay offline besides. A reference is `#` or `#/...`, resolved from the root, so that one look at the
document says where each one leads; `$id` and `$schema` inside, which would move the root, are refused for the same
reason.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from llm_config_domain import json_text
from llm_config_domain.configs.patch_documents import index_of, parts_of
from llm_config_domain.errors import Malformed, TooLarge, ValueRefused, Violation
from llm_config_domain.json_text import Json

MAX_SCHEMA_BYTES = 256 * 1024
MAX_SUBSCHEMAS = 5000
MAX_PATTERNS = 50
MAX_VIOLATIONS = 20
DRAFT_07, DRAFT_2020_12 = "draft-07", "2020-12"
DRAFTS = {
    "http://json-schema.org/draft-07/schema": DRAFT_07,
    "https://json-schema.org/draft-07/schema": DRAFT_07,
    "https://json-schema.org/draft/2020-12/schema": DRAFT_2020_12,
}
HERE = ("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas", "dependencies")
"""Keywords whose subschemas look at the same place of the value."""
BELOW = ("items", "contains", "propertyNames", "additionalItems", "unevaluatedItems", "unevaluatedProperties",
         "patternProperties")  # fmt: skip
"""Keywords whose subschemas look at a member, each of them at the same one."""
BELOW_APART = ("properties", "additionalProperties", "prefixItems")
"""Keywords whose subschemas look at members, each at another."""
ASIDE = ("definitions", "$defs", "contentSchema")
_MAPS = {"dependentSchemas", "dependencies", "patternProperties", "properties", "definitions", "$defs"}
_ROOT_ONLY = ("$id", "$schema")
_MOVING = ("$dynamicRef", "$recursiveRef", "$vocabulary")
_Path = tuple[str | int, ...]


@dataclass(slots=True)
class Subschema:
    """One object of the schema that is a schema, and the ones that it leads to, by the place that they look at."""

    members: dict[str, Json]
    path: _Path
    here: list["Subschema"] = field(default_factory=list)
    below: list["Subschema"] = field(default_factory=list)
    apart: list["Subschema"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SchemaDocument:
    """A schema that can be handed to the library: `root` is the first of its `subschemas`."""

    members: dict[str, Json]
    draft: str
    subschemas: list[Subschema]

    @property
    def patterns(self) -> int:
        return sum(map(_patterns, self.subschemas))


def read_schema(text: str) -> SchemaDocument:
    """Raises Malformed, TooLarge and ValueRefused as the port says."""
    size = len(text.encode())
    if size > MAX_SCHEMA_BYTES:
        raise TooLarge("a schema is at most 256 KiB of JSON", limit=MAX_SCHEMA_BYTES, current=size)
    members = json_text.read(text)
    if not isinstance(members, dict):
        raise Malformed("a schema is a JSON object")
    draft = _draft(members)
    members = {name: member for name, member in members.items() if name not in _ROOT_ONLY}
    return SchemaDocument(members, draft, _Walk(members).subschemas())


def refused(violations: list[Violation]) -> ValueRefused:
    return ValueRefused("the schema cannot be used", violations=violations[:MAX_VIOLATIONS])


def _draft(members: dict[str, Json]) -> str:
    named = members.get("$schema", "http://json-schema.org/draft-07/schema")
    draft = DRAFTS.get(named.removesuffix("#")) if isinstance(named, str) else None
    if draft is None:
        raise refused([Violation("/$schema", "draft", "the drafts that can be used are draft-07 and 2020-12")])
    return draft


class _Walk:
    """Finds every subschema once, the targets of references among them."""

    def __init__(self, root: dict[str, Json]) -> None:
        self._root = root
        self._found: dict[int, Subschema] = {}
        self._waiting: list[Subschema] = []
        self._violations: list[Violation] = []

    def subschemas(self) -> list[Subschema]:
        self._meet(self._root, ())
        while self._waiting:
            self._look_into(self._waiting.pop())
        if sum(map(_patterns, self._found.values())) > MAX_PATTERNS:
            self._violations.append(Violation("", "patterns", "a schema has at most 50 patterns"))
        if self._violations:
            raise refused(self._violations)
        return list(self._found.values())

    def _meet(self, schema: Json, path: _Path) -> Iterator[Subschema]:
        """The subschema at `path`, to be looked into if it is new; nothing for what is no object."""
        if not isinstance(schema, dict):
            return iter(())
        if id(schema) not in self._found:
            if len(self._found) >= MAX_SUBSCHEMAS:
                raise refused([Violation("", "subschemas", "a schema has at most 5,000 subschemas")])
            self._found[id(schema)] = Subschema(schema, path)
            self._waiting.append(self._found[id(schema)])
        return iter((self._found[id(schema)],))

    def _look_into(self, schema: Subschema) -> None:
        self._check_words(schema)
        for keywords, found in ((HERE, schema.here), (BELOW, schema.below), (BELOW_APART, schema.apart), (ASIDE, [])):
            for keyword in keywords:
                apart = schema.apart if keyword == "items" and isinstance(schema.members.get(keyword), list) else found
                for place, member in _under(schema, keyword):
                    apart.extend(self._meet(member, place))
        if "$ref" in schema.members:
            schema.here.extend(self._target(schema))

    def _check_words(self, schema: Subschema) -> None:
        for word in _MOVING:
            if word in schema.members:
                self._refuse(schema, word, "this keyword is not taken: refer by $ref")
        for word in _ROOT_ONLY:
            if word in schema.members:
                self._refuse(schema, word, "this stands at the root of a schema and nowhere else")

    def _target(self, schema: Subschema) -> Iterator[Subschema]:
        reference = schema.members["$ref"]
        if not isinstance(reference, str) or not (reference == "#" or reference.startswith("#/")):
            self._refuse(schema, "$ref", "a reference is '#' or begins with '#/': nothing is fetched from elsewhere")
            return iter(())
        try:
            path, found = _resolve(self._root, unquote(reference[1:]))
        except (LookupError, Malformed):
            self._refuse(schema, "$ref", "this reference leads nowhere")
            return iter(())
        return self._meet(found, path)

    def _refuse(self, schema: Subschema, word: str, message: str) -> None:
        self._violations.append(Violation(json_text.pointer((*schema.path, word)), word, message))


def _under(schema: Subschema, keyword: str) -> Iterator[tuple[_Path, Json]]:
    """What stands under a keyword, each with its path: one schema, a list of them, or a map of them."""
    value = schema.members.get(keyword)
    if isinstance(value, list):
        yield from (((*schema.path, keyword, index), item) for index, item in enumerate(value))
    elif isinstance(value, dict) and keyword in _MAPS:
        yield from (((*schema.path, keyword, name), member) for name, member in value.items())
    else:
        yield (*schema.path, keyword), value


def _resolve(root: Json, pointer: str) -> tuple[_Path, Json]:
    """Raises LookupError, and Malformed for what is no pointer."""
    path: list[str | int] = []
    for part in parts_of(pointer):
        place: str | int | None = index_of(part, len(root)) if isinstance(root, list) else part
        if place is None or not isinstance(root, list | dict):
            raise LookupError
        path.append(place)
        root = root[place]  # type: ignore[index]
    return tuple(path), root


def _patterns(schema: Subschema) -> int:
    by_name = schema.members.get("patternProperties")
    return ("pattern" in schema.members) + (len(by_name) if isinstance(by_name, dict) else 0)
