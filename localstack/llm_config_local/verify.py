"""The authenticator's check of form, algorithm, key use and signature, for tokens and keys from outside."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from llm_config.runtime.tokens import check_signature, read_form
from llm_config_domain import json_text
from llm_config_domain.errors import Malformed, Unauthenticated
from llm_config_domain.key_sets import choose_key
from llm_config_local.home import HomeError


def key_set(path: Path) -> Sequence[dict[str, Any]]:
    """The keys of a JWKS file, or the one key of a JWK file. Raises HomeError."""
    try:
        told = json_text.read(path.read_text())
    except (OSError, UnicodeDecodeError, Malformed) as error:
        raise HomeError(f"{path} cannot be read as JSON") from error
    keys = told.get("keys", [told]) if isinstance(told, dict) else told
    if not isinstance(keys, list) or not all(isinstance(key, dict) for key in keys):
        raise HomeError(f"{path} is not a JWKS: an object with a list 'keys'")
    return keys


def verdict(token: str, keys: Sequence[dict[str, Any]]) -> str:
    try:
        header, _ = read_form(token)
        key = choose_key(keys, header.get("kid"))
        if key is None:
            raise Unauthenticated("no key of the set is meant")
        check_signature(token, header, key)
    except Unauthenticated as refusal:
        return f"invalid: {refusal.detail}"
    return "valid"
