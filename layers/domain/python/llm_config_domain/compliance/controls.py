"""Frameworks as tables of controls, and what becomes of a control once its checks have looked.

A control names the checks whose outcome says something about it. One without a check is for people to assess, and its
row says whom to ask: software that calls it fulfilled would be guessing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    PASS = "pass"  # noqa: S105 - a status
    FAIL = "fail"
    NOT_ASSESSED = "not_assessed"
    """Not assessed by software."""


class Check(StrEnum):
    """What is looked at. `checks.py` says how."""

    INTEGRITY = "integrity"
    RECORDING = "recording"
    REFUSALS = "refusals"
    ATTRIBUTION = "attribution"
    REASONS = "reasons"
    ROTATION = "rotation"
    EXPIRY = "expiry"
    KEY_LIFETIMES = "key_lifetimes"
    SEALING = "sealing"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a check saw: `kind` is entry, secret, api_key, checkpoint or count; `reference` is its id or its name;
    `leaf` is the place of an entry in the tree, from which its proof is made."""

    kind: str
    reference: str
    summary: str
    leaf: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The outcome of a check; `action` is what to do where it did not pass."""

    status: Status
    reason: str
    action: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Control:
    """`id` is the clause as the standard numbers it, `title` what it is about in our words. `action` is for a control
    that no check looks at: who assesses it, and by what."""

    id: str
    title: str
    checks: tuple[Check, ...] = ()
    action: str = ""


@dataclass(frozen=True, slots=True)
class Framework:
    """`source` is the text whose clauses are named. `rotation_days` is how old a secret may be: a limit of this product
    where the text leaves it to whoever is assessed."""

    id: str
    title: str
    source: str
    rotation_days: int
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    control: Control
    status: Status
    reason: str
    action: str
    evidence: tuple[Evidence, ...]


def finding(control: Control, found: Mapping[Check, Found]) -> Finding:
    """One failed check fails a control; it passes when all its checks passed."""
    if not control.checks:
        return Finding(control, Status.NOT_ASSESSED, "not assessed by software", control.action, ())
    looked = [found[check] for check in control.checks]
    status = worst(one.status for one in looked)
    telling = [one for one in looked if one.status is status]
    return Finding(
        control,
        status,
        _told(one.reason for one in telling),
        _told(one.action for one in telling),
        tuple(dict.fromkeys(item for one in looked for item in one.evidence)),
    )


def _told(texts: Iterable[str]) -> str:
    """Each of them once."""
    return "; ".join(dict.fromkeys(text for text in texts if text))


def worst(statuses: Iterable[Status]) -> Status:
    """`pass` only where all of them are, and there is one."""
    seen = set(statuses)
    if Status.FAIL in seen:
        return Status.FAIL
    return Status.PASS if seen == {Status.PASS} else Status.NOT_ASSESSED


def counted(findings: Sequence[Finding]) -> dict[str, int]:
    """{status: how many}."""
    return {status.value: sum(one.status is status for one in findings) for status in Status}
