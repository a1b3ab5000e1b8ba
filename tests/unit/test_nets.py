"""The count of the nets' cases: what belongs to which net, and that a net whose cases vanish is named."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.nets import CASES, FLOORS, Nets, hold_each, in_share, nets_of

ROOT = Path(__file__).parents[2]


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


def test_a_test_of_many_cases_counts_them_all_and_names_those_that_fail() -> None:
    told: dict[str, object] = {}

    def positive(number: int) -> None:
        assert 1 / number > 0, "it is negative"

    with pytest.raises(AssertionError) as failed:
        hold_each((1, -2, 0, 3), positive, told.__setitem__)
    assert str(failed.value).startswith("2 of 4 cases fail\n-2: AssertionError: it is negative")
    assert "\n0: ZeroDivisionError" in str(failed.value) and "\n3:" not in str(failed.value)
    nets = Nets({"isolation": (4, 4)})
    nets.count("tests/a.py::test_b[isolation: put_config]", (), int(str(told[CASES])))
    assert nets.vanished(deep=True) == []


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


def test_a_share_is_chosen_by_the_seed_and_ten_of_them_are_the_whole() -> None:
    cases = [f"tests/a.py::test_b[{number}]" for number in range(1000)]
    assert all(in_share(case, 1, "7") for case in cases)
    chosen = [{case for case in cases if in_share(case, 10, seed)} for seed in ("7", "7", "8")]
    assert chosen[0] == chosen[1] != chosen[2]
    assert all(60 <= len(one) <= 140 for one in chosen)


@pytest.mark.parametrize(
    ("chosen", "every"),
    [
        pytest.param(("-m", "not deep"), False, id="the whole suite without what is deep takes turns"),
        pytest.param((), True, id="the exhaustive suite takes all"),
        pytest.param(("-m", "not deep", "-k", "test_one"), True, id="a part of it takes all"),
    ],
)
def test_what_is_slow_takes_turns_in_the_short_run_alone(
    tmp_path: Path, chosen: tuple[str, ...], *, every: bool
) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = rooms\nmarkers =\n  deep\n  turns\n")
    (tmp_path / "conftest.py").write_text(
        "from tests.support import nets\nimport os\nos.environ[nets.SEED] = '7'\n"
        "def pytest_collection_modifyitems(config, items): nets.take_share(config, items)\n"
    )
    (tmp_path / "rooms").mkdir()
    (tmp_path / "rooms" / "test_rooms.py").write_text(
        "import pytest\n@pytest.mark.turns(3)\n@pytest.mark.parametrize('n', range(90))\ndef test_one(n): pass\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *chosen],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    (passed,) = re.findall(r"(\d+) passed", done.stdout)
    assert (int(passed) == 90) is every and int(passed) >= 15, done.stdout


@pytest.mark.parametrize(
    ("chosen", "status", "told"),
    [
        pytest.param((), 1, True, id="the whole suite"),
        pytest.param(("-m", "not deep"), 1, True, id="the whole suite without what is deep"),
        pytest.param(("-m", "not deep and not wheels"), 1, True, id="the whole suite as make test asks for it"),
        pytest.param(("-p", "xdist", "-n", "2"), 1, True, id="the whole suite in two processes"),
        pytest.param(("-k", "test_one"), 0, False, id="a keyword"),
        pytest.param(("-m", "deep or not deep"), 0, False, id="a marker"),
        pytest.param(("rooms",), 0, False, id="a folder"),
    ],
)
def test_a_run_fails_when_cases_of_a_net_vanished_but_only_a_whole_one(
    tmp_path: Path, chosen: tuple[str, ...], status: int, told: bool
) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = rooms\nmarkers = deep\n")
    (tmp_path / "conftest.py").write_text(
        "import os\nfrom tests.support.nets import Nets, SEED\nos.environ[SEED] = '7'\n"
        "def pytest_configure(config):\n"
        "    if not hasattr(config, 'workerinput'):\n"
        "        config.pluginmanager.register(Nets({'isolation': (2, 2)}))\n"
    )
    (tmp_path / "rooms").mkdir()
    (tmp_path / "rooms" / "test_rooms.py").write_text(
        "import pytest\n@pytest.mark.parametrize('case', ['isolation'])\ndef test_one(case): pass\n"
    )
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *chosen],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == status, run.stdout
    assert ("FAILED the net isolation ran 1 cases: its floor is 2" in run.stdout) is told
