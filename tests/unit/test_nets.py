"""The count of the nets' cases: what belongs to which net, and that a net whose cases vanish is named."""

import pytest

from tests.support.nets import FLOORS, Nets, nets_of


@pytest.mark.parametrize(
    ("nodeid", "keywords", "nets"),
    [
        pytest.param("tests/a/test_b.py::test_c[isolation: put_config as viewer]", (), ["isolation"], id="its word"),
        pytest.param("tests/a/test_b.py::test_c[sqlite-crash-put_config]", (), ["crash"], id="its word among others"),
        pytest.param("tests/a/test_b.py::test_c[by default]", (), [], id="a word that holds another"),
        pytest.param("tests/isolation/test_fault.py::test_crash", (), [], id="a word outside the parameters"),
        pytest.param("tests/conformance/test_b.py::test_c[sqlite]", (), ["conformance"], id="its folder"),
        pytest.param("tests/a/test_b.py::test_c", ("catalog",), ["catalog"], id="its marker"),
        pytest.param("tests/a/test_b.py::test_c[taint: x]", ("catalog",), ["taint", "catalog"], id="two nets"),
    ],
)
def test_a_case_belongs_to_the_net_that_it_names(nodeid: str, keywords: tuple[str, ...], nets: list[str]) -> None:
    assert nets_of(nodeid, keywords) == nets


def test_a_net_whose_cases_vanish_is_named() -> None:
    nets = Nets({"isolation": (1, 2), "crash": (1, 1)})
    nets.count("tests/a.py::test_b[isolation: put_config]", ())
    assert nets.vanished(deep=False) == ["the net crash ran 0 cases: its floor is 1"]
    assert [line.split()[2] for line in nets.vanished(deep=True)] == ["isolation", "crash"]


def test_the_table_tells_cases_and_floors() -> None:
    nets = Nets({"isolation": (1, 2)})
    nets.count("tests/a.py::test_b[isolation: put_config]", ())
    assert [line.split() for line in nets.table(deep=True)] == [["net", "cases", "floor"], ["isolation", "1", "2"]]


def test_no_floor_is_higher_in_the_short_run() -> None:
    assert all(short <= long for short, long in FLOORS.values())
