"""Rotations of a home moved by hand, where no engine runs them."""

from collections.abc import Callable
from typing import Any

from llm_config_domain import times
from llm_config_domain.journal import Actor, JournalEntry, Result
from llm_config_domain.names import TenantId
from llm_config_domain.policy import Resource
from llm_config_domain.rotation.entries import Rotation
from llm_config_domain.rotation.interventions import Aborted
from llm_config_domain.rotation.steps import GaveUp, Withdrawn
from llm_config_domain.rotation.transitions import Advanced, Transition

Provide = Callable[[str], Any]


def entry_of(provide: Provide, tenant: TenantId, action: str = "secrets:rotate") -> JournalEntry:
    at = times.rfc3339(provide("clock").now())
    actor, about = Actor("system:rotation", "system", ()), Resource("secrets", "any/secret", "production")
    entry_id = provide("identifiers").ulid()
    return JournalEntry(entry_id, at, tenant, "rotation.write", "info", actor, action, about, Result("success"), "r")


def advance(provide: Provide, rotation: Rotation, transition: Transition, **told: Any) -> Advanced:
    entry = entry_of(provide, rotation.name.tenant)
    done: Advanced = provide("rotation_writer").advance(rotation, transition, entry=entry, idempotency=None, **told)
    return done


def hold(provide: Provide, tenant: TenantId) -> None:
    """Every rotation that runs waits for a person from now on."""
    for rotation in _running(provide, tenant):
        withdrawing = advance(provide, rotation, Aborted()).rotation
        step = GaveUp(attempt=withdrawing.attempt, step=withdrawing.step, why="Unavailable")
        advance(provide, withdrawing, step)


def end(provide: Provide, tenant: TenantId) -> None:
    """No rotation runs any more."""
    for rotation in _running(provide, tenant):
        withdrawing = advance(provide, rotation, Aborted()).rotation
        advance(provide, withdrawing, Withdrawn(attempt=withdrawing.attempt))


def _running(provide: Provide, tenant: TenantId) -> list[Rotation]:
    return [one for one in provide("rotation_reader").listing(tenant, None, 100) if not one.status.ended]
