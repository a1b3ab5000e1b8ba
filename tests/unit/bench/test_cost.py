"""What a month costs is arithmetic over counted calls: no figure is typed in."""

import pytest

from tests.bench.cost import MONTHS, STANDING, Month, aligned, asked_for, document, rows
from tests.bench.prices import PRICES, Priced

OPERATIONS = (
    "resolve_config, the first time",
    "resolve_config, again",
    "get_secret, the first time",
    "get_secret, again",
    "put_config",
    "put_secret",
)


def at(dollars: float) -> list[Priced]:
    return [Priced(name, {}, 0, 0, 0, dollars) for name in OPERATIONS]


def test_a_month_is_its_requests_and_what_stands() -> None:
    month = Month("one", 3, reads=1e6, secrets=2e6, writes=1e6)
    assert month.requests({one.operation: one.dollars for one in at(10.0)}) == pytest.approx(41)
    price = PRICES["dollars_a_month"]
    keys, alarms = (STANDING["kms_key"] + 3) * price["kms_key"], STANDING["alarm"] * price["alarm"]
    assert month.standing == pytest.approx(keys + alarms + price["dashboard"])


def test_the_table_adds_up_and_stands_between_its_marks() -> None:
    table = rows(MONTHS, at(1.0))
    for *_, requests, standing, together in table:
        told = [float(text.replace(",", "")) for text in (requests, standing, together)]
        assert told[0] + told[1] == pytest.approx(told[2], abs=0.011)
    written = document("before\n<!-- written by make cost -->\nold\n<!-- end of the cost table -->\nafter", table)
    assert "old" not in written and written.startswith("before\n") and written.endswith("\nafter")
    assert len({len(line) for line in aligned(table).splitlines()}) == 1


def test_a_month_of_yours_is_read_from_variables() -> None:
    assert asked_for({}) == asked_for({"READS": ""}) == MONTHS
    assert asked_for({"READS": "5e6", "TENANTS": "3"}) == (Month("yours", 3, 5e6, 0, 0),)


@pytest.mark.parametrize("text", ["many", "-1", "1e16", "nan"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"number|convert"):
        asked_for({"READS": text})
