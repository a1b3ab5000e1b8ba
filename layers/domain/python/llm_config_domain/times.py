"""Time as text: RFC 3339 in UTC with milliseconds and `Z`, so that text order is time order."""

import re
from datetime import UTC, datetime, timedelta

from llm_config_domain.errors import Malformed

_RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


def rfc3339(moment: datetime) -> str:
    """`moment` must know its offset; what is finer than a millisecond is cut off."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse(text: str) -> datetime:
    """The moment that `rfc3339` wrote."""
    return datetime.fromisoformat(text)


def normal(text: str) -> str:
    """A time that a client wrote (RFC 3339 section 5.6, any offset), as we keep it. Raises Malformed."""
    if not _RFC_3339.fullmatch(text):
        raise Malformed("a time is RFC 3339 with its offset: 2026-01-31T12:00:00Z")
    try:
        return rfc3339(parse(text.upper()))
    except (ValueError, OverflowError):
        raise Malformed("there is no such time") from None


def after(now: datetime, previous: str | None) -> str:
    """A stamp that is later than `previous` whatever the clock says: max(now, previous + 1 ms)."""
    if previous is None:
        return rfc3339(now)
    return rfc3339(max(now, parse(previous) + timedelta(milliseconds=1)))


def later(moment: datetime, seconds: int) -> datetime:
    return moment + timedelta(seconds=seconds)


def whole_seconds(text: str) -> str:
    """As a state machine's Wait takes it: never early, so what is finer is rounded up."""
    moment = parse(text)
    up = moment + timedelta(seconds=1 if moment.microsecond else 0)
    return up.replace(microsecond=0).strftime("%Y-%m-%dT%H:%M:%SZ")
