"""The other secrets that a rotation's target names by its options: an admin's login, an authority, a pool of keys."""

from collections.abc import Mapping
from typing import Any

from llm_config_domain.callers import the_product
from llm_config_domain.errors import Malformed
from llm_config_domain.journal import Actor, JournalEntry, Result
from llm_config_domain.names import Name, split_path
from llm_config_domain.policy import Resource

OPTIONS = ("admin", "authority", "pool", "webhook")
"""Each is the path of a secret in the same tenant and environment."""


def paths_in(target: Mapping[str, Any]) -> tuple[str, ...]:
    """What the options name, each once. Raises Malformed for one that is no path."""
    found: dict[str, None] = {}
    for option in OPTIONS:
        if option in target:
            if not isinstance(target[option], str):
                raise Malformed(f"the option `{option}` of a rotation's target is the path of a secret")
            split_path(target[option])
            found[target[option]] = None
    return tuple(found)


def accessed(name: Name, version: int, rotation_id: str, *, entry_id: str, at: str) -> JournalEntry:
    """The record that a rotation uses this secret at its target: written before the secret is opened."""
    return JournalEntry(
        id=entry_id,
        at=at,
        tenant=name.tenant,
        event_type="secret.accessed",
        severity="info",
        actor=Actor.of(the_product(name.tenant, "rotation")),
        action="secrets:read",
        resource=Resource("secrets", name.path, name.environment),
        result=Result("success"),
        request_id=rotation_id,
        metadata={"version": version, "through": f"rotations/{rotation_id}"},
    )
