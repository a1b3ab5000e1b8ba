"""What a target needs of a rotation's turn, and how it reads the credentials that it is handed."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeAlias

from llm_config_domain import json_text
from llm_config_domain.errors import Malformed, TargetRefused
from llm_config_domain.json_text import Json
from llm_config_domain.names import Name
from llm_config_domain.secrets.entries import SecretType
from llm_config_domain.secrets.values import Plaintext


class Turn(Protocol):
    """The same in every repetition of a step. `target` is the kind and its options; no secrets are among them."""

    @property
    def rotation_id(self) -> str: ...
    @property
    def name(self) -> Name: ...
    @property
    def secret_type(self) -> SecretType: ...
    @property
    def target(self) -> Mapping[str, Any]: ...


Credential: TypeAlias = Callable[[Turn], Plaintext]
"""The credential of whoever may make and end others at the target: a secret of the same tenant, named by the target's
options. Raises TargetRefused where there is none."""


def read(value: Plaintext) -> Json:
    """Raises TargetRefused."""
    try:
        return json_text.read(value.reveal.decode())
    except (Malformed, UnicodeDecodeError):
        raise TargetRefused("the credential is not JSON text") from None


def members(value: Plaintext, *required: str) -> dict[str, Any]:
    """The credential as an object with these texts. Raises TargetRefused."""
    told = read(value)
    if not isinstance(told, dict) or not all(isinstance(told.get(name), str) for name in required):
        raise TargetRefused(f"the credential lacks one of {', '.join(required)}")
    return told


def plain(value: Json) -> Plaintext:
    return Plaintext(json_text.write(value).encode())


def option(turn: Turn, name: str) -> str:
    """Raises TargetRefused."""
    said = turn.target.get(name)
    if not isinstance(said, str) or not said:
        raise TargetRefused(f"the rotation's target needs the option `{name}`, a text")
    return said
