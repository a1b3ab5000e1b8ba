"""What is looked at, and what it says: each check from facts alone, so that anybody can do it again.

A time in which nothing happened proves nothing about what would have been recorded: then a check says that it did not
assess, and never that it passed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from llm_config_domain import times
from llm_config_domain.api_keys import ApiKey
from llm_config_domain.audit.entries import Leaf
from llm_config_domain.compliance.controls import Check, Evidence, Found, Framework, Status
from llm_config_domain.journal import CHANGED
from llm_config_domain.secrets.entries import VERSION_ADDED, SecretMetadata

SHOWN = 10
"""So many things of a kind are named; the rest is counted."""
ENTRIES_SHOWN = 3
KEY_DAYS = 365
_CHANGES = frozenset({*CHANGED.values(), VERSION_ADDED})
_READ, _DENIED, _FAILED_LOGIN = "secret.accessed", "access.denied", "authentication.failed"
KINDS = (*sorted(_CHANGES), _READ, _DENIED, _FAILED_LOGIN)
"""The types of entries that checks look at: reads of configs, which are most of a record, show nothing here."""
_NOBODY = ("", "nobody")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What was found of a tenant at one moment.

    `leaves` are the newest entries of each of `KINDS` in the time that is reported on; `checked` is how many of the newest
    were hashed anew, `wrong` what that showed to be wrong with the tree; `complete` says whether all secrets and keys
    are here.
    """

    now: datetime
    leaves: Sequence[Leaf]
    checked: int
    wrong: str | None
    tree_size: int
    secrets: Sequence[SecretMetadata]
    api_keys: Sequence[ApiKey]
    complete: bool


Look = Callable[[Facts, Framework], Found]


def looked(facts: Facts, framework: Framework) -> dict[Check, Found]:
    return {check: look(facts, framework) for check, look in _LOOKS.items()}


def _integrity(facts: Facts, framework: Framework) -> Found:
    seen = (Evidence("checkpoint", str(facts.tree_size), f"a signed tree of {facts.tree_size} entries"),)
    if facts.wrong is not None:
        return Found(Status.FAIL, f"the audit does not verify: {facts.wrong}", _INVESTIGATE, seen)
    if not facts.checked:
        return Found(Status.NOT_ASSESSED, "nothing was recorded in this time", _LONGER, seen)
    return Found(Status.PASS, f"the newest {facts.checked} entries, hashed anew, make the signed tree", evidence=seen)


def _recording(facts: Facts, framework: Framework) -> Found:
    reads = [leaf for leaf in facts.leaves if _is(leaf, _READ)]
    changes = [leaf for leaf in facts.leaves if _is_change(leaf)]
    if not reads and not changes:
        return Found(Status.NOT_ASSESSED, "no secret was read and nothing was changed in this time", _LONGER)
    told = f"{len(changes)} changes and {len(reads)} reads of secrets are on record"
    return Found(Status.PASS, told, evidence=(*_entries(reads), *_entries(changes)))


def _refusals(facts: Facts, framework: Framework) -> Found:
    denied = [leaf for leaf in facts.leaves if leaf.record["result"]["status"] == "denied" or _is(leaf, _FAILED_LOGIN)]
    if not denied:
        return Found(Status.NOT_ASSESSED, "nothing was refused in this time", _LONGER)
    return Found(Status.PASS, f"{len(denied)} refusals are on record", evidence=_entries(denied))


def _attribution(facts: Facts, framework: Framework) -> Found:
    changes = [leaf for leaf in facts.leaves if _is_change(leaf)]
    unnamed = [leaf for leaf in changes if leaf.record["actor"]["id"] in _NOBODY]
    if unnamed:
        told = f"{len(unnamed)} of {len(changes)} changes name nobody"
        return Found(Status.FAIL, told, "find out which credential these requests came with", _entries(unnamed))
    if not changes:
        return Found(Status.NOT_ASSESSED, "nothing was changed in this time", _LONGER)
    return Found(Status.PASS, f"each of {len(changes)} changes names who made it", evidence=_entries(changes))


def _reasons(facts: Facts, framework: Framework) -> Found:
    changes = [leaf for leaf in facts.leaves if _is_change(leaf) and _is(leaf, "config.", "secret.")]
    silent = [leaf for leaf in changes if not leaf.record["metadata"].get("reason")]
    if silent:
        told = f"{len(silent)} of {len(changes)} changes of configs and secrets give no reason"
        return Found(
            Status.FAIL, told, "ask for a `reason` with every change, in your pipelines first", _entries(silent)
        )
    if not changes:
        return Found(Status.NOT_ASSESSED, "no config and no secret was changed in this time", _LONGER)
    return Found(Status.PASS, f"each of {len(changes)} changes gives its reason", evidence=_entries(changes))


def _rotation(facts: Facts, framework: Framework) -> Found:
    limit = timedelta(days=framework.rotation_days)
    old = [one for one in facts.secrets if facts.now - times.parse(one.updated_at) > limit]
    if old:
        told = f"{len(old)} of {len(facts.secrets)} secrets are older than {framework.rotation_days} days"
        return Found(Status.FAIL, told, "rotate them, and give them a rotation schedule", _secrets(old))
    return _of_all(facts, f"no secret is older than {framework.rotation_days} days")


def _expiry(facts: Facts, framework: Framework) -> Found:
    now = times.rfc3339(facts.now)
    gone = [one for one in facts.secrets if one.expires_at is not None and one.expires_at <= now]
    if gone:
        return Found(Status.FAIL, f"{len(gone)} secrets in use have expired", "rotate or delete them", _secrets(gone))
    return _of_all(facts, "no secret in use has expired")


def _key_lifetimes(facts: Facts, framework: Framework) -> Found:
    limit = times.rfc3339(facts.now + timedelta(days=KEY_DAYS))
    endless = [key for key in facts.api_keys if key.expires_at is None or key.expires_at > limit]
    if endless:
        seen = tuple(Evidence("api_key", key.id, f"ends {key.expires_at or 'never'}") for key in endless[:SHOWN])
        told = f"{len(endless)} of {len(facts.api_keys)} API keys are valid for more than {KEY_DAYS} days from now"
        return Found(Status.FAIL, told, "make keys that end (`expires_at`), and revoke these", seen)
    if not facts.complete:
        return _too_many()
    if not facts.api_keys:
        return Found(Status.NOT_ASSESSED, "there is no API key", "ask again when there are API keys")
    return Found(Status.PASS, f"each of {len(facts.api_keys)} API keys ends within {KEY_DAYS} days")


def _sealing(facts: Facts, framework: Framework) -> Found:
    return _of_all(
        facts, "every secret is sealed under its tenant's key before it is stored; no other form can be stored"
    )


def _of_all(facts: Facts, told: str) -> Found:
    if not facts.complete:
        return _too_many()
    if not facts.secrets:
        return Found(Status.NOT_ASSESSED, "there is no secret", "ask again when there are secrets")
    return Found(Status.PASS, told, evidence=(Evidence("count", "secrets", f"{len(facts.secrets)} secrets"),))


def _too_many() -> Found:
    return Found(Status.NOT_ASSESSED, "there are too many to look at together", "ask for a namespace at a time")


def _is(leaf: Leaf, *kinds: str) -> bool:
    """Of one of these event types, or of a kind of them (`config.`)."""
    found: str = leaf.record["event_type"]
    return any(found == kind or (kind.endswith(".") and found.startswith(kind)) for kind in kinds)


def _is_change(leaf: Leaf) -> bool:
    return leaf.record["event_type"] in _CHANGES and leaf.record["result"]["status"] == "success"


def _entries(leaves: Sequence[Leaf]) -> tuple[Evidence, ...]:
    return tuple(_entry(leaf) for leaf in leaves[:ENTRIES_SHOWN])


def _entry(leaf: Leaf) -> Evidence:
    told = leaf.record
    summary = f"{told['timestamp']} {told['event_type']} by {told['actor']['id']}: {told['result']['status']}"
    return Evidence("entry", told["id"], summary, leaf.index)


def _secrets(found: Sequence[SecretMetadata]) -> tuple[Evidence, ...]:
    return tuple(
        Evidence("secret", f"{one.name.path} ({one.name.environment})", f"version {one.version} of {one.updated_at}")
        for one in found[:SHOWN]
    )


_LONGER = "ask for a longer time"
_INVESTIGATE = (
    "compare with a checkpoint that you hold (`llm-config audit verify`), and find out who could write to the store"
)
_LOOKS: dict[Check, Look] = {
    Check.INTEGRITY: _integrity,
    Check.RECORDING: _recording,
    Check.REFUSALS: _refusals,
    Check.ATTRIBUTION: _attribution,
    Check.REASONS: _reasons,
    Check.ROTATION: _rotation,
    Check.EXPIRY: _expiry,
    Check.KEY_LIFETIMES: _key_lifetimes,
    Check.SEALING: _sealing,
}
