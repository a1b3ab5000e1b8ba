"""Cron expressions: the five fields of cron(5), and the six of AWS (`cron(minute hour day month weekday year)`).

In five fields a day matches when either of day of month and day of week does, where both are restricted (POSIX crontab).
In six one of the two is `?`, weekdays count from Sunday as 1, and `L`, `15W`, `6L` and `6#3` are understood.
"""

import calendar
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from llm_config_domain.errors import Malformed

_MONTHS = {
    "JAN": 1,
    "FEB": 2,
    "MAR": 3,
    "APR": 4,
    "MAY": 5,
    "JUN": 6,
    "JUL": 7,
    "AUG": 8,
    "SEP": 9,
    "OCT": 10,
    "NOV": 11,
    "DEC": 12,
}
_WEEKDAYS = {"SUN": 0, "MON": 1, "TUE": 2, "WED": 3, "THU": 4, "FRI": 5, "SAT": 6}
_SPECIAL_DAY = re.compile(r"L|([1-9]|[12][0-9]|3[01])W")
_SPECIAL_WEEKDAY = re.compile(r"([0-9]+|[A-Z]{3})(L|#([1-5]))")
FIRST_YEAR, LAST_YEAR = 1970, 2199
SEARCHED_YEARS = 41
"""29 February falls on a given weekday at least once in forty years (1900 and 2100 are no leap years)."""
_HOURS = frozenset(range(24))
DayRule = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Cron:
    """`text` is the canonical form: upper case, single spaces, six fields in `cron(...)`."""

    text: str
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    months: frozenset[int]
    years: frozenset[int]
    matches_day: DayRule

    def after(self, moment: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        """The times after `moment`, in UTC and in order; it ends where none comes within forty years.

        A local time that a clock skips happens when the clock goes on; one that comes twice happens the first time.
        Where every hour is meant, a skipped one is left out and a repeated one happens twice.
        """
        last = moment.astimezone(UTC)
        for day in self._days(last.astimezone(zone).date() - timedelta(days=1)):
            for found in sorted(set(self._of_day(day, zone))):
                if found > last:
                    last = found
                    yield found

    def _of_day(self, day: date, zone: ZoneInfo) -> Iterator[datetime]:
        every_hour = set(self.hours) >= _HOURS
        for hour in self.hours:
            for minute in self.minutes:
                local = datetime.combine(day, time(hour, minute), zone)
                first, second = (local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
                skipped = first.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None)
                if skipped and not every_hour:
                    yield _end_of_gap(second, first, zone)
                elif not skipped:
                    yield from {first, second} if every_hour else {first}

    def _days(self, first: date) -> Iterator[date]:
        """Those that match, from `first` on, month by month: years of other months cost nothing."""
        for year in range(first.year, min(first.year + SEARCHED_YEARS, LAST_YEAR) + 1):
            for month in sorted(self.months) if year in self.years else ():
                for number in range(1, calendar.monthrange(year, month)[1] + 1):
                    day = date(year, month, number)
                    if day >= first and self.matches_day(day):
                        yield day


def _end_of_gap(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """When the clock went on: between the two readings of a time that it skipped its offset changes once."""
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) // 2
        middle = middle.replace(second=0, microsecond=0)
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
    return high


def read(text: str) -> Cron:
    """Raises Malformed."""
    upper = " ".join(text.upper().split())
    wrapped = re.fullmatch(r"CRON\( ?(.*?) ?\)", upper)
    fields = (wrapped[1] if wrapped else upper).split(" ")
    if len(fields) == 5:
        return _cron(" ".join(fields), [*fields, "*"], _either_day(fields[2], fields[4]))
    if len(fields) == 6:
        return _cron(f"cron({' '.join(fields)})", fields, _one_day(fields[2], fields[4]))
    raise _unreadable("a cron expression has five fields, or the six of AWS")


def _cron(text: str, fields: list[str], matches_day: DayRule) -> Cron:
    minute, hour, _, month, _, year = fields
    return Cron(
        text,
        tuple(sorted(_numbers(minute, 0, 59))),
        tuple(sorted(_numbers(hour, 0, 23))),
        _numbers(month, 1, 12, _MONTHS),
        _numbers(year, FIRST_YEAR, LAST_YEAR),
        matches_day,
    )


def _either_day(day: str, weekday: str) -> DayRule:
    days, weekdays = _numbers(day, 1, 31), frozenset(number % 7 for number in _numbers(weekday, 0, 7, _WEEKDAYS))
    if day.startswith("*") or weekday.startswith("*"):
        return lambda date: date.day in days and _weekday(date) in weekdays
    return lambda date: date.day in days or _weekday(date) in weekdays


def _one_day(day: str, weekday: str) -> DayRule:
    if (day == "?") == (weekday == "?"):
        raise _unreadable("of six fields exactly one of day of month and day of week is '?'")
    return _day_of_month(day) if weekday == "?" else _day_of_week(weekday)


def _day_of_month(field: str) -> DayRule:
    special = _SPECIAL_DAY.fullmatch(field)
    if not special:
        days = _numbers(field, 1, 31)
        return lambda date: date.day in days
    if not special[1]:
        return lambda date: date.day == _length(date)
    wanted = int(special[1])
    return lambda date: wanted <= _length(date) and date.day == _nearest_workday(date.replace(day=wanted))


def _day_of_week(field: str) -> DayRule:
    named = {name: number + 1 for name, number in _WEEKDAYS.items()}
    special = _SPECIAL_WEEKDAY.fullmatch(field)
    if not special:
        weekdays = frozenset(number - 1 for number in _numbers(field, 1, 7, named))
        return lambda date: _weekday(date) in weekdays
    (weekday,) = _numbers(special[1], 1, 7, named)
    if special[2] == "L":
        return lambda date: _weekday(date) == weekday - 1 and date.day + 7 > _length(date)
    return lambda date: _weekday(date) == weekday - 1 and (date.day + 6) // 7 == int(special[3])


def _weekday(day: date) -> int:
    """From Sunday as 0."""
    return day.isoweekday() % 7


def _length(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def _nearest_workday(day: date) -> int:
    """Within the same month."""
    if day.isoweekday() == 6:
        return day.day - 1 if day.day > 1 else day.day + 2
    if day.isoweekday() == 7:
        return day.day + 1 if day.day < _length(day) else day.day - 2
    return day.day


def _numbers(field: str, low: int, high: int, named: Mapping[str, int] | None = None) -> frozenset[int]:
    """What a field of lists, ranges and steps means. Raises Malformed."""
    found: set[int] = set()
    for part in field.split(","):
        bounds, slash, step = part.partition("/")
        first, last = _bounds(bounds, low, high, named or {}, stepped=bool(slash))
        pace = _number(step, 1, high, {}) if slash else 1
        found.update(range(first, last + 1, pace))
    return frozenset(found)


def _bounds(text: str, low: int, high: int, named: Mapping[str, int], *, stepped: bool) -> tuple[int, int]:
    if text == "*":
        return low, high
    first, dash, last = text.partition("-")
    begin = _number(first, low, high, named)
    end = _number(last, begin, high, named) if dash else begin
    return begin, high if stepped and not dash else end


def _number(text: str, low: int, high: int, named: Mapping[str, int]) -> int:
    number = named.get(text, int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else -1)
    if not low <= number <= high:
        raise _unreadable(f"a field of the cron expression is no number, name, list, range or step of {low} to {high}")
    return number


def _unreadable(why: str) -> Malformed:
    return Malformed(f"the schedule cannot be read: {why}")
