"""Which type a secret of another system has, by what it looks like. What is not surely one of them is `generic`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from llm_config_domain import json_text
from llm_config_domain.errors import Malformed
from llm_config_domain.json_text import Json
from llm_config_domain.secrets.entries import SecretType
from llm_config_domain.secrets.types import pem
from llm_config_domain.secrets.types.forms import FORMS

_API_KEY = re.compile(
    r"(?:sk-|pk-|rk_|sk_|AIza|gsk_|hf_|r8_|xai-|pplx-|ghp_|gho_|ghs_|github_pat_|glpat-|xox[abp]-|SG\.)[A-Za-z0-9_.-]{8,}"
)
"""How providers begin their keys, so that people and scanners tell them from other texts."""
_NAMED_BY_AWS = {"dbname": "database", "dbClusterIdentifier": None, "dbInstanceIdentifier": None, "masterarn": None}
"""Members of an RDS secret: the database's name, and what is known about it elsewhere, which becomes tags."""


@dataclass(frozen=True, slots=True)
class Shaped:
    type: str
    value: Json = field(repr=False)
    tags: Mapping[str, str] = field(default_factory=dict)


def shaped(text: str, at: str) -> Shaped:
    """`text` as a secret's value at the moment `at` (RFC 3339): JSON objects become objects, all else stays a text."""
    value = _read(text)
    guess = _of_object(value) if isinstance(value, dict) else _of_text(text)
    if FORMS[SecretType(guess.type)].read(guess.value, at).violations:
        return Shaped("generic", value)
    return guess


def _read(text: str) -> Json:
    if not text.lstrip().startswith("{"):
        return text
    try:
        return json_text.read(text)
    except Malformed:
        return text


def _of_text(text: str) -> Shaped:
    labels = [block.label for block in pem.blocks(text)]
    if labels == ["OPENSSH PRIVATE KEY"]:
        return Shaped("ssh_key", text)
    if "CERTIFICATE" in labels:
        return Shaped("certificate", text)
    return Shaped("api_key" if _API_KEY.fullmatch(text) else "generic", text)


def _of_object(value: Mapping[str, Any]) -> Shaped:
    members = set(value)
    if {"username", "password"} <= members:
        return _login(value)
    if value.get("type") == "service_account":
        return Shaped("cloud_credentials", value)
    if {"access_key_id", "secret_access_key"} <= members:
        return Shaped("cloud_credentials", {"provider": "aws", **value})
    if {"certificate", "private_key"} <= members:
        return Shaped("certificate", value)
    return Shaped("oauth_token" if "access_token" in members else "generic", value)


def _login(value: Mapping[str, Any]) -> Shaped:
    kept: dict[str, Any] = {}
    tags: dict[str, str] = {}
    for name, member in value.items():
        to = _NAMED_BY_AWS.get(name, name)
        if to is not None:
            kept[to] = int(member) if to == "port" and _is_number(member) else member
        elif isinstance(member, str):
            tags[name] = member[:256]
    return Shaped("database_credentials", kept, tags)


def _is_number(member: Any) -> bool:
    return isinstance(member, str) and member.isascii() and member.isdecimal() and len(member) <= 5
