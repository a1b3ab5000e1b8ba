"""Who holds what stands, who is behind, and of whom it is not known."""

from datetime import UTC, datetime, timedelta

import pytest

from llm_config_domain.errors import Malformed
from llm_config_domain.fleet import STALE_SECONDS, FleetCount, FleetReport, Standing, check_instance, check_service

AT = datetime(2026, 1, 1, tzinfo=UTC)


def report(revision: int = 3) -> FleetReport:
    at = "2026-01-01T00:00:00.000Z"
    return FleetReport("app", "production", "gateway", "i-1", revision, {"keys/main": "01"}, at, "service:gateway")


@pytest.mark.parametrize(
    ("current", "seconds", "standing"),
    [
        pytest.param(3, 0, Standing.CURRENT, id="what stands"),
        pytest.param(2, 0, Standing.CURRENT, id="newer than we were told"),
        pytest.param(4, 0, Standing.BEHIND, id="older"),
        pytest.param(3, STALE_SECONDS - 1, Standing.CURRENT, id="a while ago"),
        pytest.param(3, STALE_SECONDS, Standing.STALE, id="too long ago"),
        pytest.param(4, STALE_SECONDS, Standing.STALE, id="too long ago, and older"),
    ],
)
def test_an_instance_is_current_behind_or_not_known(current: int, seconds: int, standing: Standing) -> None:
    now = AT + timedelta(seconds=seconds)
    assert (report().standing(current, now), report().age_seconds(now)) == (standing, seconds)


@pytest.mark.parametrize(
    ("standings", "counted", "converged"),
    [
        ([], (0, 0, 0, 0), False),
        ([Standing.CURRENT] * 2, (2, 2, 0, 0), True),
        ([Standing.CURRENT, Standing.BEHIND], (2, 1, 1, 0), False),
        ([Standing.CURRENT, Standing.STALE], (2, 1, 0, 1), False),
        ([Standing.BEHIND, Standing.STALE, Standing.STALE], (3, 0, 1, 2), False),
    ],
)
def test_a_fleet_has_converged_when_everybody_is_known_to_hold_what_stands(
    standings: list[Standing], counted: tuple[int, ...], converged: bool
) -> None:
    count = FleetCount.of(iter(standings))
    assert (count.total, count.current, count.behind, count.stale) == counted
    assert count.converged is converged


def test_a_report_is_kept_whole() -> None:
    assert FleetReport.from_record(report().to_record()) == report()
    assert report().place == ("app", "production", "gateway", "i-1")


@pytest.mark.parametrize("name", ["a", "gateway", "a-b", "9", "a" * 63])
def test_a_service_has_a_label(name: str) -> None:
    assert check_service(name) == name


@pytest.mark.parametrize("name", ["", "A", "-a", "a-", "a/b", "a#b", "a" * 64, "a\n", "é"])
def test_what_is_no_label_is_no_service(name: str) -> None:
    with pytest.raises(Malformed, match="a service's name"):
        check_service(name)


@pytest.mark.parametrize("name", ["i-1", "gateway-7d4b9.eu_1", "A", "a" * 128])
def test_an_instance_is_called_as_machines_are(name: str) -> None:
    assert check_instance(name) == name


@pytest.mark.parametrize("name", ["", "-i", "i.", "i#1", "i/1", "i:1", "a" * 129, "i\n", "é"])
def test_what_no_machine_is_called_is_no_instance(name: str) -> None:
    with pytest.raises(Malformed, match="an instance's id"):
        check_instance(name)
