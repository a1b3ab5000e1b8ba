"""Check a value before it is stored: what a write would refuse, and what a JSON Schema says of it. Nothing is stored.

It is a write's rehearsal, so it takes the permission to write: who may not store a value here is not served with the
work of checking one either.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.own_tenant import own_tenant
from llm_config.ports.schema_checker import SchemaChecker
from llm_config.ports.tenant_reader import TenantReader
from llm_config_contract.configs import ConfigValidation, ValidateConfigRequest
from llm_config_contract.problems import ViolationView
from llm_config_domain import json_text
from llm_config_domain.configs import special_values
from llm_config_domain.configs.entries import value_text
from llm_config_domain.configs.resolve import render
from llm_config_domain.errors import Malformed, TooLarge, ValueRefused, Violation
from llm_config_domain.json_text import Json


def validate_config(
    request: ValidateConfigRequest, context: Context, *, tenant_reader: TenantReader, schema_checker: SchemaChecker
) -> Answer:
    own_tenant(context.caller, tenant_reader)
    context.name(request.path, request.environment)
    found = _stored_rules(request.value)
    if request.schema_ is not None and not any(broken.rule == "too_large" for broken in found):
        found += _schema_rules(request.schema_, request.value, schema_checker)
    violations = [broken for broken in found if broken.severity == "error"]
    warnings = [broken for broken in found if broken.severity != "error"]
    return Answer(
        ConfigValidation(valid=not violations, violations=_told(violations), warnings=_told(warnings)),
        metadata={"valid": not violations, "violations": len(violations)},
    )


def _stored_rules(value: Json) -> list[Violation]:
    """What a write would refuse of this value, with or without a schema."""
    return [*_broken(lambda: special_values.check(value)), *_broken(lambda: value_text(value))]


def _broken(check: Callable[[], object]) -> Iterator[Violation]:
    try:
        check()
    except TooLarge as refusal:
        yield Violation("", "too_large", refusal.detail)
    except ValueRefused as refusal:
        yield from refusal.violations


def _schema_rules(schema: dict[str, Any] | str, value: Json, checker: SchemaChecker) -> list[Violation]:
    """The schema sees what a reader will: `$literal` unwrapped, and a secret's reference, which stands for what is not
    here. So what it says of a reference is a warning."""
    if isinstance(schema, str):
        place = Violation("/schema", "later", "registered schemas come later: send the schema itself, an object")
        raise Malformed("a schema cannot be named yet", violations=[place])
    try:
        found = checker.check(json_text.write(schema), render(value))
    except ValueRefused as refusal:
        placed = [replace(broken, path=f"/schema{broken.path}") for broken in refusal.violations]
        raise ValueRefused(refusal.detail, violations=placed) from None
    references = set(special_values.reference_pointers(value))
    return [_as_warning(broken) if references.intersection(_enclosing(broken.path)) else broken for broken in found]


def _enclosing(pointer: str) -> Iterator[str]:
    """The pointer itself, and each that it leads through."""
    while pointer:
        yield pointer
        pointer = pointer.rpartition("/")[0]
    yield ""


def _as_warning(broken: Violation) -> Violation:
    return Violation(broken.path, broken.rule, "a secret stands here: what it holds is not checked", "warning")


def _told(violations: list[Violation]) -> list[ViolationView]:
    return [ViolationView(path=v.path, rule=v.rule, message=v.message, severity=v.severity) for v in violations]


VALIDATE_CONFIG = Operation(
    name="validate_config",
    summary="Check a value against the rules of a write and against a JSON Schema; store nothing",
    action="configs:write",
    method="POST",
    path="/api/v1/config-validations/{path+}",
    request=ValidateConfigRequest,
    response=ConfigValidation,
    run=validate_config,
    recorded=Recorded.BEHIND,
    event_type="config.validated",
)
