"""Where moto takes ways that cost these tests a third of their time and that nothing in them asks about."""

from copy import copy
from typing import Any

import pytest
from moto.core.serialize import ResponseSerializer
from moto.dynamodb.models.table import Table
from moto.kms.utils import generate_private_key

_looked_up = ResponseSerializer.get_value


def hurry(patch: pytest.MonkeyPatch) -> None:
    """Until the patch is undone."""
    patch.setattr("moto.kms.models.generate_private_key", _private_key)
    patch.setattr(ResponseSerializer, "get_value", _value)
    patch.setattr(Table, "__deepcopy__", _as_it_stands, raising=False)


def _private_key(key_spec: str) -> Any:
    """moto gives a symmetric key an RSA pair beside, a third of what an account costs; in KMS it has none."""
    return None if key_spec == "SYMMETRIC_DEFAULT" else generate_private_key(key_spec)


def _value(serializer: Any, value: Any, key: str, shape: Any) -> Any:
    """A member of an answer. DynamoDB's are mappings with the wire's own names: nothing else is to be tried for each of the
    ten types that an attribute may have."""
    if type(value) is dict and serializer.operation_model.service_model.service_name == "dynamodb":
        return value.get(key)
    return _looked_up(serializer, value, key, shape)


def _as_it_stands(table: Table, memo: dict[int, Any]) -> Table:
    """What a transaction goes back to if it fails; moto makes one for each of its puts. Puts replace rows and change none,
    so the places of rows are copied, and not all rows that a table has."""
    kept = copy(table)
    kept.items = copy(table.items)
    kept.items.update({key: copy(rows) for key, rows in table.items.items() if isinstance(rows, dict)})
    return kept
