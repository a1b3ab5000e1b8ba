"""When a secret rotates next: cron, `rate(...)`, a duration, or a word. One canonical form of each is kept."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from llm_config_domain.errors import Malformed, ValueRefused, Violation
from llm_config_domain.rotation import cron

MAX_TEXT = 200
MAX_TIMES = 100
LONGEST = timedelta(days=3660)
SHORTEST = timedelta(minutes=1)
WORDS: Mapping[str, str] = {
    "hourly": "0 * * * *",
    "daily": "0 0 * * *",
    "weekly": "0 0 * * 0",
    "monthly": "0 0 1 * *",
    "quarterly": "0 0 1 1,4,7,10 *",
}
_UNITS = {"minute": 60, "hour": 3600, "day": 86400, "week": 604800}
_LETTERS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_RATE = re.compile(r"rate\( ?([0-9]{1,9}) (minute|hour|day|week)s? ?\)")
_SHORT = re.compile(r"([0-9]{1,9})([smhdw])")
_ISO_8601 = re.compile(
    r"p(?:([0-9]{1,6})w|(?:([0-9]{1,6})d)?(?:t(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,9})s)?)?)"
)


@dataclass(frozen=True, slots=True)
class Schedule:
    """`text` is canonical. Either `expression` or `every` is there: times of a calendar, or a span from the last one."""

    text: str
    expression: cron.Cron | None = None
    every: timedelta = timedelta()

    def times(self, start: datetime, timezone: str = "UTC") -> Iterator[datetime]:
        """The times after `start`, in UTC and in order. Raises Malformed for a time zone that there is not."""
        zone = _zone(timezone)
        if not cron.FIRST_YEAR < start.year < cron.LAST_YEAR:
            raise Malformed(f"times are reckoned from {cron.FIRST_YEAR + 1} to {cron.LAST_YEAR - 1}")
        if self.expression is not None:
            return self.expression.after(start, zone)
        return self._spans(start.astimezone(UTC))

    def following(self, start: datetime, timezone: str = "UTC") -> datetime | None:
        """The first of them."""
        return next(self.times(start, timezone), None)

    def _spans(self, last: datetime) -> Iterator[datetime]:
        while last.year < cron.LAST_YEAR:
            last += self.every
            yield last


def read(text: str, now: datetime, timezone: str = "UTC") -> Schedule:
    """Raises Malformed when nobody could read it, ValueRefused when it never comes or comes too often."""
    schedule = parse(text)
    if schedule.following(now, timezone) is None:
        raise _refused("never", "the schedule names times that never come")
    return schedule


def parse(text: str) -> Schedule:
    """As `read`, but whether it ever comes is not asked."""
    if len(text) > MAX_TEXT:
        raise Malformed(f"the schedule is longer than {MAX_TEXT} characters")
    lowered = " ".join(text.lower().split())
    every = _span(lowered)
    return _interval(every) if every is not None else _calendar(lowered)


def preview(schedule: Schedule, start: datetime, count: int, timezone: str = "UTC") -> list[datetime]:
    return list(islice(schedule.times(start, timezone), count))


def _calendar(text: str) -> Schedule:
    if " " not in text and text not in WORDS:
        raise Malformed(
            "a schedule is a cron expression, rate(12 hours), 90d, P90D, hourly, daily, weekly, monthly or quarterly"
        )
    expression = cron.read(WORDS.get(text, text))
    return Schedule(expression.text, expression)


def _interval(every: timedelta) -> Schedule:
    if every < SHORTEST or every % SHORTEST:
        raise _refused("too_often", "a schedule comes at most once a minute, at whole minutes")
    if every > LONGEST:
        raise _refused("too_rare", f"a schedule comes at least once in {LONGEST.days} days")
    seconds = int(every.total_seconds())
    unit = next(unit for unit in ("day", "hour", "minute") if seconds % _UNITS[unit] == 0)
    number = seconds // _UNITS[unit]
    return Schedule(f"rate({number} {unit}{'s' if number > 1 else ''})", every=every)


def _span(text: str) -> timedelta | None:
    """The span that `text` says, or None when it says none. The unit of a rate is as AWS writes it."""
    if found := _RATE.fullmatch(text):
        return timedelta(seconds=int(found[1]) * _UNITS[found[2]])
    if found := _SHORT.fullmatch(text):
        return timedelta(seconds=int(found[1]) * _LETTERS[found[2]])
    found = _ISO_8601.fullmatch(text)
    if not found or not any(found.groups()):
        return None
    weeks, days, hours, minutes, seconds = (int(group or 0) for group in found.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def _zone(timezone: str) -> ZoneInfo:
    try:
        return ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Malformed("a time zone is a name of the IANA database: Europe/Zurich, or UTC") from None


def _refused(rule: str, message: str) -> ValueRefused:
    return ValueRefused("this schedule is refused", violations=[Violation("/schedule", rule, message)])
