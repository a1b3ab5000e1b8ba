"""Time as text: RFC 3339 in UTC with milliseconds and `Z`, so that text order is time order."""

from datetime import UTC, datetime, timedelta


def rfc3339(moment: datetime) -> str:
    """`moment` must know its offset; what is finer than a millisecond is cut off."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse(text: str) -> datetime:
    """The moment that `rfc3339` wrote."""
    return datetime.fromisoformat(text)


def after(now: datetime, previous: str | None) -> str:
    """A stamp that is later than `previous` whatever the clock says: max(now, previous + 1 ms)."""
    if previous is None:
        return rfc3339(now)
    return rfc3339(max(now, parse(previous) + timedelta(milliseconds=1)))
