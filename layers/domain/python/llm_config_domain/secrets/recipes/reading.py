"""Recipes as settings write them: `{"kind": "password", "length": 40}`."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

from llm_config_domain.errors import ValueRefused
from llm_config_domain.json_text import Json
from llm_config_domain.secrets.recipes.keys import CertificateRecipe, SigningKeyRecipe, SshKeyRecipe
from llm_config_domain.secrets.recipes.strength import refused
from llm_config_domain.secrets.recipes.texts import PasswordRecipe, TokenRecipe
from llm_config_domain.secrets.types.members import Check, Members, one_of, text, texts, whole

Recipe: TypeAlias = PasswordRecipe | TokenRecipe | SshKeyRecipe | SigningKeyRecipe | CertificateRecipe

_MANY = 10**9


def _flag(value: Json) -> tuple[str, str] | None:
    return None if isinstance(value, bool) else ("type", "this is true or false")


_KINDS: Mapping[str, tuple[Any, Mapping[str, Check]]] = MappingProxyType(
    {
        "password": (PasswordRecipe, {"length": whole(1, _MANY), "alphabet": text, "excluded": text}),
        "token": (TokenRecipe, {"size": whole(1, _MANY), "encoding": one_of("base64url", "hex"), "prefix": text}),
        "ssh_key": (SshKeyRecipe, {"algorithm": text}),
        "jwt_signing_key": (SigningKeyRecipe, {"algorithm": text}),
        "certificate": (
            CertificateRecipe,
            {"common_name": text, "seconds": whole(1, _MANY), "names": texts, "algorithm": text, "is_authority": _flag},
        ),
    }
)
_REQUIRED = {"certificate": frozenset({"common_name", "seconds"})}


def read(said: Json, at: str) -> Recipe:
    """The recipe that settings name; what begins, begins at `at` (RFC 3339). Raises ValueRefused."""
    kind = said.get("kind") if isinstance(said, dict) else None
    if kind not in tuple(_KINDS):
        raise refused("kind", "enum", f"this is one of {', '.join(_KINDS)}")
    made, members = _KINDS[kind]
    options = {name: option for name, option in said.items() if name != "kind"}
    violations = Members(members, _REQUIRED.get(kind, frozenset())).violations(options)
    if violations:
        raise ValueRefused("no secret is made so", violations=violations)
    if made is CertificateRecipe:
        options |= {"begins_at": at, "names": tuple(options.get("names", ()))}
    recipe: Recipe = made(**options)
    return recipe
