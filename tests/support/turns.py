"""Turns of rotations, and what each target is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from llm_config_domain import json_text
from llm_config_domain.names import Name, TenantId
from llm_config_domain.secrets.entries import SecretType
from llm_config_domain.secrets.values import Plaintext

NAME = Name(TenantId("01M7XB2CPDX901Z538HPJ3CH8B"), "services/db", "login", "production")


@dataclass(frozen=True)
class AskedTurn:
    """As a rotation makes it."""

    rotation_id: str = "01M7ZQ0E6XVTF02YDS7W63018T"
    name: Name = NAME
    secret_type: SecretType = SecretType.GENERIC
    target: Mapping[str, Any] = field(default_factory=dict)
    version: int = 2


def sealed(value: Any) -> Plaintext:
    """The plaintext of a secret with this value."""
    return Plaintext(json_text.write(value).encode())


def opened(value: Plaintext) -> Any:
    return json_text.read(value.reveal.decode())
