"""Where moto takes ways that cost these tests a third of their time and that nothing in them asks about."""

from typing import Any

import pytest
from moto.core.serialize import ResponseSerializer
from moto.kms.utils import generate_private_key

_looked_up = ResponseSerializer.get_value


def hurry(patch: pytest.MonkeyPatch) -> None:
    """Until the patch is undone."""
    patch.setattr("moto.kms.models.generate_private_key", _private_key)
    patch.setattr(ResponseSerializer, "get_value", _value)


def _private_key(key_spec: str) -> Any:
    """moto gives a symmetric key an RSA pair beside, a third of what an account costs; in KMS it has none."""
    return None if key_spec == "SYMMETRIC_DEFAULT" else generate_private_key(key_spec)


def _value(serializer: Any, value: Any, key: str, shape: Any) -> Any:
    """A member of an answer. DynamoDB's are mappings with the wire's own names: nothing else is to be tried for each of the
    ten types that an attribute may have."""
    if type(value) is dict and serializer.operation_model.service_model.service_name == "dynamodb":
        return value.get(key)
    return _looked_up(serializer, value, key, shape)
