"""When a secret ends, and when somebody hears of it."""

import pytest

from llm_config_domain.errors import ValueRefused
from llm_config_domain.secrets.expiry import Notices, chosen, notices

NOW, LATER, LATEST = "2026-01-02T03:04:05.000Z", "2026-02-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"


def test_the_end_that_was_asked_for_stands_before_the_values_own() -> None:
    assert chosen(LATER, LATEST, NOW) == chosen(LATER, None, NOW) == LATER


def test_without_one_the_value_says_it_itself() -> None:
    assert (chosen(None, LATEST, NOW), chosen(None, None, NOW)) == (LATEST, None)


def test_an_end_that_was_asked_for_lies_in_the_future() -> None:
    with pytest.raises(ValueRefused) as refused:
        chosen(NOW, LATEST, NOW)
    assert [(broken.path, broken.rule) for broken in refused.value.violations] == [("/expires_at", "future")]


@pytest.mark.parametrize(
    ("written_at", "soon_at"),
    [
        pytest.param("2025-01-01T00:00:00.000Z", "2026-12-02T00:00:00.000Z", id="a long life: thirty days before"),
        pytest.param("2026-12-22T00:00:00.000Z", "2026-12-31T00:00:00.000Z", id="a short one: its last tenth"),
        pytest.param("2027-02-01T00:00:00.000Z", LATEST, id="one that was over when it began: at once"),
    ],
)
def test_somebody_hears_of_the_end_in_time(written_at: str, soon_at: str) -> None:
    assert notices(written_at, LATEST) == Notices(soon_at, LATEST)
