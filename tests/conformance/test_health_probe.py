"""ports/health_probe.py, promise by promise."""

from tests.support.families import HomeUnderTest


def test_a_store_that_answers_raises_nothing(home: HomeUnderTest) -> None:
    home.provide("health_probe").check()
