"""What is said of a broken keyword: words for it that hold for every schema and every value, and quote neither."""

import jsonschema_rs

_MESSAGES = {
    "additionalItems": "the schema allows no more items",
    "additionalProperties": "the schema allows no such member",
    "anyOf": "this follows none of the schemas of which it must follow one",
    "const": "this is not the one value that the schema allows",
    "contains": "too few or too many items are what the schema asks for",
    "dependentRequired": "a member is required here because of another",
    "enum": "this is not one of the values that the schema allows",
    "exclusiveMaximum": "this is too large",
    "exclusiveMinimum": "this is too small",
    "format": "this does not have the format that the schema names",
    "maxItems": "there are too many items",
    "maxLength": "this is too long",
    "maxProperties": "there are too many members",
    "maximum": "this is too large",
    "minItems": "there are too few items",
    "minLength": "this is too short",
    "minProperties": "there are too few members",
    "minimum": "this is too small",
    "multipleOf": "this is no multiple of what the schema names",
    "not": "this follows a schema that it must not follow",
    "oneOf": "this does not follow exactly one of the schemas",
    "pattern": "this does not match the pattern",
    "propertyNames": "a member has a name that the schema does not allow",
    "required": "this member is required",
    "type": "this has another type than the schema allows",
    "unevaluatedItems": "the schema allows no more items",
    "unevaluatedProperties": "the schema allows no such member",
    "uniqueItems": "an item is there twice",
}
_PATTERN = "this pattern cannot run in linear time or is too large: no look-around, no back references"


def message(keyword: str) -> str:
    return _MESSAGES.get(keyword, "this breaks the schema")


def schema_message(error: jsonschema_rs.ValidationError) -> tuple[str, str]:
    """The rule that a schema breaks, and words for it."""
    if error.kind.name == "pattern" or (error.kind.name == "format" and "regex" in str(error.kind.value)):
        return "pattern", _PATTERN
    return "schema", "this is not what the draft allows here"
