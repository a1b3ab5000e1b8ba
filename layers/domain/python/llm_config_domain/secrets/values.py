"""`Plaintext` and `Sealed`: two types, so that the type checker proves that no store is handed a secret in the clear."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

from llm_config_domain import json_text
from llm_config_domain.errors import Broken
from llm_config_domain.names import Name


@dataclass(frozen=True, slots=True)
class Plaintext:
    """A secret in the clear. It never prints itself; `.reveal` is the one word to search for."""

    reveal: bytes = field(repr=False)

    def says_as(self, other: "Plaintext") -> bool:
        """Are both the same value, however each is written?"""
        mine, theirs = (json_text.canonical(json_text.read(one.reveal.decode())) for one in (self, other))
        return hmac.compare_digest(mine.encode(), theirs.encode())


@dataclass(frozen=True, slots=True)
class Sealed:
    """A secret under its tenant's key: one AWS Encryption SDK message, the only form that a store accepts."""

    blob: bytes = field(repr=False)


PURPOSE = "llm-config-secret"


def binding(name: Name, version: int) -> dict[str, str]:
    """The encryption context: a sealed value opens under this name and version, and under no other."""
    return {
        "tenant": name.tenant,
        "environment": name.environment,
        "namespace": name.namespace,
        "key": name.key,
        "version": str(version),
        "purpose": PURPOSE,
    }


def check_binding(name: Name, version: int, context: Mapping[str, str]) -> None:
    """Raises Broken unless a message's own context says exactly what was asked for.

    The SDK adds members of its own (`aws-crypto-...`); they are the only others allowed.
    """
    theirs = {member: text for member, text in context.items() if not member.startswith("aws-crypto-")}
    if theirs != binding(name, version):
        raise Broken("a sealed value is bound to another name and was not opened")
