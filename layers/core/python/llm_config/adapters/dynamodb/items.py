"""Items as the low-level client takes them, and the conditions under which they may be put.

Numbers of ours are integers; numbers of tenants are inside JSON text, where DynamoDB cannot round them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from llm_config.adapters.dynamodb.keys import Key

Item: TypeAlias = Mapping[str, Any]
"""Attribute -> str, int or bytes; without its key."""
_TYPES = {str: "S", int: "N", bytes: "B"}


@dataclass(frozen=True, slots=True)
class Condition:
    expression: str
    names: Mapping[str, str] = field(default_factory=dict)
    values: Item = field(default_factory=dict)


ABSENT = Condition("attribute_not_exists(pk)")


@dataclass(frozen=True, slots=True)
class Put:
    key: Key
    item: Item
    condition: Condition = ABSENT


def unchanged(was: Item | None, attribute: str) -> Condition:
    """The row is as it was read: its counter `attribute` has not moved, or it is still not there."""
    if was is None:
        return ABSENT
    return Condition("#counter = :was", {"#counter": attribute}, {":was": was[attribute]})


def absent_or_expired(now: int) -> Condition:
    """DynamoDB deletes expired rows when it finds time, so one that is still there counts as gone."""
    return Condition(f"{ABSENT.expression} OR #expires <= :now", {"#expires": "expires_at"}, {":now": now})


def encoded(item: Item) -> dict[str, Any]:
    return {name: {_TYPES[type(value)]: _text(value)} for name, value in item.items()}


def decoded(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Without its key."""
    return {name: _value(told) for name, told in raw.items() if name not in ("pk", "sk")}


def _text(value: str | int | bytes) -> str | bytes:
    return str(value) if isinstance(value, int) else value


def _value(told: Mapping[str, Any]) -> str | int | bytes:
    ((kind, value),) = told.items()
    return int(value) if kind == "N" else value
