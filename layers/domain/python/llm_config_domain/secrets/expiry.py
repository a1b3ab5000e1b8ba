"""When a version of a secret ends, and when somebody should hear of it. Times are RFC 3339, as `times` writes them."""

from dataclasses import dataclass
from datetime import timedelta

from llm_config_domain import times
from llm_config_domain.errors import ValueRefused, Violation

NOTICE = timedelta(days=30)
"""Before the end; of a life shorter than ten times as long, its last tenth."""


def chosen(asked: str | None, own: str | None, at: str) -> str | None:
    """The end of a version that is written at `at`: the one that was asked for, or what the value says of itself.

    Raises ValueRefused for one that was asked for and is not in the future.
    """
    if asked is not None and asked <= at:
        refused = Violation("/expires_at", "future", "this lies in the future")
        raise ValueRefused("a secret that has expired is of no use: name a later time", violations=[refused])
    return own if asked is None else asked


@dataclass(frozen=True, slots=True)
class Notices:
    """When `secret.expires_soon` and `secret.expired` are due."""

    soon_at: str
    expired_at: str


def notices(written_at: str, expires_at: str) -> Notices:
    life = times.parse(expires_at) - times.parse(written_at)
    return Notices(times.rfc3339(times.parse(expires_at) - min(NOTICE, max(life, timedelta()) / 10)), expires_at)
