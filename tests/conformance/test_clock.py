"""ports/clock.py, promise by promise."""

from datetime import timedelta

from tests.support.families import HomeUnderTest


def test_the_time_is_in_utc(home: HomeUnderTest) -> None:
    assert home.provide("clock").now().utcoffset() == timedelta()


def test_monotonic_seconds_only_go_up(home: HomeUnderTest) -> None:
    clock = home.provide("clock")
    looks = [clock.monotonic() for _ in range(100)]
    assert looks == sorted(looks)
