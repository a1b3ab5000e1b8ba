"""The schema checker: `jsonschema-rs`, compiled once a schema.

Values go to it as they are: it compares integers and `Decimal`s exactly (measured with 2^53 + 1, 1e400 and
0.1000000000000000055511151231257827; the conformance suite repeats it). Its own messages quote the value, so none of
them is passed on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import jsonschema_rs

from llm_config.adapters.json_schema.documents import DRAFT_07, SchemaDocument, read_schema, refused
from llm_config.adapters.json_schema.messages import message, schema_message
from llm_config.adapters.json_schema.workload import MAX_TOLD_LOOKS, Workload, size_of, workload
from llm_config_domain import json_text
from llm_config_domain.errors import Violation
from llm_config_domain.json_text import Json

MAX_VIOLATIONS = 100
KEPT_SCHEMAS = 16
"""Compiled schemas that are kept: a few that are used all the time, and not the patterns of everybody's."""
PATTERN_BYTES = 128 * 1024
"""Of one compiled pattern. The engine is linear in the text times this, so a small one is what keeps it fast."""


class JsonSchemaChecker:
    """See `ports.schema_checker`."""

    def check(self, schema: str, value: Json) -> list[Violation]:
        compiled = _compiled(schema)
        compiled.work.check(value)
        if compiled.validator.is_valid(value):
            return []
        if compiled.work.total(size_of(value)) > MAX_TOLD_LOOKS:
            return [Violation("", "schema", "the value does not follow the schema; it is too large to say where")]
        return list(islice(_violations(compiled.validator.iter_errors(value)), MAX_VIOLATIONS))


@dataclass(frozen=True, slots=True)
class _Compiled:
    validator: jsonschema_rs.Validator
    work: Workload


@lru_cache(maxsize=KEPT_SCHEMAS)
def _compiled(schema: str) -> _Compiled:
    """A schema's text says all about it, so tenants may share what is made of it. A refusal is not kept."""
    document = read_schema(schema)
    work = workload(document)
    return _Compiled(_validator(document), work)


def _validator(document: SchemaDocument) -> jsonschema_rs.Validator:
    draft = jsonschema_rs.Draft7Validator if document.draft == DRAFT_07 else jsonschema_rs.Draft202012Validator
    try:
        return draft(
            document.members,
            validate_formats=True,
            pattern_options=jsonschema_rs.RegexOptions(size_limit=PATTERN_BYTES, dfa_size_limit=PATTERN_BYTES),
            offline=True,
        )
    except jsonschema_rs.ValidationError as error:
        rule, told = schema_message(error)
        raise refused([Violation(json_text.pointer(error.instance_path), rule, told)]) from None


def _violations(errors: Iterator[jsonschema_rs.ValidationError]) -> Iterator[Violation]:
    for error in errors:
        rule = _rule(error)
        for place in _places(error):
            yield Violation(json_text.pointer(place), rule, message(rule))


def _rule(error: jsonschema_rs.ValidationError) -> str:
    """The keyword. A schema that is `false` goes by the keyword that it stands under."""
    if error.kind.name != "falseSchema":
        return error.kind.name
    return next((str(part) for part in reversed(error.schema_path) if part in _FORBIDDING), "false")


_FORBIDDING = frozenset(
    {"additionalProperties", "additionalItems", "unevaluatedProperties", "unevaluatedItems", "items", "not", "contains",
     "properties", "patternProperties", "then", "else", "allOf", "dependencies", "dependentSchemas"}
)  # fmt: skip


def _places(error: jsonschema_rs.ValidationError) -> Sequence[Sequence[str | int]]:
    """Where it is: each member that must not be there, and where one should be that is not."""
    at, kind = error.instance_path, error.kind
    match kind:
        case jsonschema_rs.ValidationErrorKind.Required(property=name):
            return [[*at, name]]
        case jsonschema_rs.ValidationErrorKind.AdditionalProperties(unexpected=names):
            return [[*at, name] for name in names]
        case jsonschema_rs.ValidationErrorKind.UnevaluatedProperties(unexpected=names):
            return [[*at, name] for name in names]
    return [at]
