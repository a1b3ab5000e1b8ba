"""When a schedule comes: cron of five and of six fields, spans, words, and what is refused."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_config_domain.errors import Malformed, Refusal, ValueRefused
from llm_config_domain.rotation import cron, schedules

NOW = datetime(2026, 3, 28, 12, tzinfo=UTC)


def times_of(text: str, count: int = 3, start: datetime = NOW, timezone: str = "UTC") -> list[str]:
    found = schedules.preview(schedules.read(text, NOW), start, count, timezone)
    return [moment.strftime("%Y-%m-%dT%H:%M") for moment in found]


@pytest.mark.parametrize(
    ("said", "canonical"),
    [
        ("90d", "rate(90 days)"),
        ("P90D", "rate(90 days)"),
        ("pt36h", "rate(36 hours)"),
        ("P1DT12H", "rate(36 hours)"),
        ("P2W", "rate(14 days)"),
        ("1w", "rate(7 days)"),
        ("PT60S", "rate(1 minute)"),
        ("rate(1 day)", "rate(1 day)"),
        (" Rate( 12  hours )", "rate(12 hours)"),
        ("hourly", "0 * * * *"),
        ("daily", "0 0 * * *"),
        ("Weekly", "0 0 * * 0"),
        ("monthly", "0 0 1 * *"),
        ("quarterly", "0 0 1 1,4,7,10 *"),
        ("*/15  9-17 * * mon-fri", "*/15 9-17 * * MON-FRI"),
        ("0 10 ? * mon-fri *", "cron(0 10 ? * MON-FRI *)"),
        ("cron(0 10 ? * MON-FRI *)", "cron(0 10 ? * MON-FRI *)"),
        ("cron(0 0 * * *)", "0 0 * * *"),
    ],
)
def test_every_way_of_saying_it_has_one_form_that_reads_back(said: str, canonical: str) -> None:
    assert schedules.read(said, NOW).text == canonical
    assert schedules.read(canonical, NOW).text == canonical


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("90d", ["2026-06-26T12:00", "2026-09-24T12:00"]),
        ("quarterly", ["2026-04-01T00:00", "2026-07-01T00:00"]),
        ("0 0 29 2 *", ["2028-02-29T00:00", "2032-02-29T00:00"]),
        ("5-7/2 */12 * * *", ["2026-03-28T12:05", "2026-03-28T12:07"]),
        ("0/20 0 * * *", ["2026-03-29T00:00", "2026-03-29T00:20"]),
        ("0 0 13 * 5", ["2026-04-03T00:00", "2026-04-10T00:00"]),
        ("0 0 */2 * 1", ["2026-04-13T00:00", "2026-04-27T00:00"]),
        ("0 0 * jan,jul sun", ["2026-07-05T00:00", "2026-07-12T00:00"]),
        ("0 0 * * 7", ["2026-03-29T00:00", "2026-04-05T00:00"]),
        ("0 0 L * ? *", ["2026-03-31T00:00", "2026-04-30T00:00"]),
        ("0 0 15W * ? *", ["2026-04-15T00:00", "2026-05-15T00:00"]),
        ("0 0 16W 5 ? *", ["2026-05-15T00:00", "2027-05-17T00:00"]),
        ("0 0 1W 8 ? *", ["2026-08-03T00:00", "2027-08-02T00:00"]),
        ("0 0 31W 5 ? *", ["2026-05-29T00:00", "2027-05-31T00:00"]),
        ("0 0 ? * 6#3 *", ["2026-04-17T00:00", "2026-05-15T00:00"]),
        ("0 0 ? * FRIL *", ["2026-04-24T00:00", "2026-05-29T00:00"]),
        ("0 0 ? * 1 *", ["2026-03-29T00:00", "2026-04-05T00:00"]),
        ("0 0 5 * ? 2027-2028", ["2027-01-05T00:00", "2027-02-05T00:00"]),
    ],
)
def test_its_times_are_those_of_the_calendar(text: str, times: list[str]) -> None:
    assert times_of(text, 2) == times


@pytest.mark.parametrize(
    ("text", "times"),
    [
        pytest.param("30 2 * * *", ["2026-03-29T01:00", "2026-03-30T00:30"], id="a skipped time comes when it goes on"),
        pytest.param("*/30 2 29 3 *", ["2026-03-29T01:00", "2027-03-29T00:00"], id="two skipped times come once"),
        pytest.param("0 * * * *", ["2026-03-28T13:00", "2026-03-28T14:00"], id="every hour leaves it out"),
    ],
)
def test_when_a_clock_skips_an_hour(text: str, times: list[str]) -> None:
    assert times_of(text, 2, timezone="Europe/Zurich") == times


def test_when_a_clock_skips_an_hour_every_hour_is_still_an_hour() -> None:
    start = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
    assert times_of("0 * * * *", 3, start, "Europe/Zurich") == [f"2026-03-29T0{hour}:00" for hour in range(3)]


def test_when_a_clock_repeats_an_hour_a_time_in_it_comes_once_and_every_hour_twice() -> None:
    start = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)
    assert times_of("30 2 * * *", 2, start, "Europe/Zurich") == ["2026-10-25T00:30", "2026-10-26T01:30"]
    assert times_of("0 * * * *", 3, start, "Europe/Zurich") == [f"2026-10-25T0{hour}:00" for hour in range(3)]


def test_half_an_hour_is_skipped_too() -> None:
    start = datetime(2026, 10, 3, tzinfo=UTC)
    assert times_of("15 2 * * *", 1, start, "Australia/Lord_Howe") == ["2026-10-03T15:30"]


@pytest.mark.parametrize(
    "text",
    ["", "soon", "* * * *", "* * * * * * *", "60 * * * *", "* 24 * * *", "0 0 0 * *", "0 0 * 13 *", "0 0 * * 8",
     "a * * * *", "1- * * * *", "5-1 * * * *", "*/0 * * * *", "0 0 * * *  * *", "0 0 1 * 1 *", "0 0 ? * ? *",
     "0 0 ? * 0 *", "0 0 ? * 2#6 *", "0 0 L * MON *", "rate(1 fortnight)", "P", "PT", "P1M", "1y", "٣ * * * *",
     "x" * 201],
)  # fmt: skip
def test_what_is_no_schedule_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        schedules.read(text, NOW)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("30s", "too_often"),
        ("90s", "too_often"),
        ("PT0S", "too_often"),
        ("0d", "too_often"),
        ("3661d", "too_rare"),
        ("0 0 31 2 *", "never"),
        ("0 0 30 2 *", "never"),
        ("0 0 1 1 ? 2020", "never"),
        ("0 0 31W 6 ? *", "never"),
    ],
)
def test_what_never_comes_or_comes_too_often_is_refused(text: str, rule: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        schedules.read(text, NOW)
    assert [violation.rule for violation in refused.value.violations] == [rule]


@pytest.mark.parametrize("timezone", ["Mars/Olympus", "../etc/passwd", "/etc/localtime", "", "Europe"])
def test_a_time_zone_that_there_is_not_is_malformed(timezone: str) -> None:
    with pytest.raises(Malformed):
        schedules.read("daily", NOW).following(NOW, timezone)


@pytest.mark.parametrize("year", [1, 1970, 2199, 9999])
def test_times_are_reckoned_within_two_centuries(year: int) -> None:
    with pytest.raises(Malformed):
        schedules.read("daily", NOW).following(datetime(year, 6, 1, tzinfo=UTC))


def test_spans_end_with_the_calendar() -> None:
    assert len(list(schedules.read("3660d", NOW).times(datetime(2190, 1, 1, tzinfo=UTC)))) == 1


FIELDS = st.tuples(
    st.sampled_from(["0", "*/20", "5,35", "10-12", "59"]),
    st.sampled_from(["*", "0", "*/5", "2-3", "23"]),
    st.sampled_from(["*", "1", "29", "31", "*/10"]),
    st.sampled_from(["*", "2", "1-3", "MAR", "OCT,NOV"]),
    st.sampled_from(["*", "0", "1-5", "SAT", "7"]),
)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 1)).map(lambda moment: moment.replace(tzinfo=UTC))


@given(FIELDS, MOMENTS)
def test_in_utc_it_comes_at_exactly_the_minutes_that_match(fields: tuple[str, ...], start: datetime) -> None:
    expression = cron.read(" ".join(fields))
    end = start + timedelta(days=35)
    minute, hour = set(expression.minutes), set(expression.hours)
    first = start.replace(second=0, microsecond=0) + timedelta(minutes=1)
    slow = [
        day + timedelta(hours=h, minutes=m)
        for day in ((first.replace(hour=0, minute=0) + timedelta(days=number)) for number in range(37))
        if day.month in expression.months and expression.matches_day(day.date())
        for h in sorted(hour)
        for m in sorted(minute)
    ]
    fast = []
    for moment in expression.after(start, ZoneInfo("UTC")):
        if moment >= end:
            break
        fast.append(moment)
    assert fast == [moment for moment in slow if start < moment < end]


@given(FIELDS, MOMENTS, st.sampled_from(["Europe/Zurich", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]))
def test_times_only_grow_and_the_next_of_one_is_the_one_after_it(
    fields: tuple[str, ...], start: datetime, timezone: str
) -> None:
    try:
        schedule = schedules.read(" ".join(fields), start)
    except Refusal:
        return
    found = schedules.preview(schedule, start, 4, timezone)
    assert found == sorted(set(found)) and all(moment > start for moment in found)
    assert schedules.preview(schedule, found[0], 3, timezone) == found[1:]
