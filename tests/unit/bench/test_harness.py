"""The harness itself: it refuses wrong answers, judges by one table, and tells no more than it measured."""

import json
import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.bench import report
from tests.bench.anchors import ANCHORS, Anchor, verdict
from tests.bench.catalog import PRICES_ROW, ROWS
from tests.bench.measure import Contest, Missing, NotThere, Peer, Row, Side, WrongAnswer, measure
from tests.bench.prices import PRICES, dollars

COST = Anchor(must=2, goal=1)
RATE = Anchor(must=0.5, goal=1, at_least=True)


@pytest.fixture(autouse=True)
def no_rubbish(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is timed here, and what the other tests have left takes a second to look through."""
    monkeypatch.setattr("tests.bench.measure.gc.collect", lambda: 0)


def side(name: str, seconds: float, answer: Any = 1) -> Side:
    """One that says what it costs; nothing is timed here."""
    return Side(name, lambda: answer, (1).__eq__, lambda times: seconds * times)


def row(product: Side, against: Peer, *beside: Peer, name: str = "resolve_hit", **more: Any) -> Row:
    @contextmanager
    def contest() -> Iterator[Contest]:
        yield Contest(product, against, beside, lambda: "asked nobody")

    given: dict[str, Any] = {"title": "a row", "unit": "us", "how": "as it is", "open": contest, **more}
    return Row(name, **given)


def measured(of: Row) -> Any:
    return report.result(measure(of, 3, 0.001))


@pytest.mark.parametrize("wrong", ["product", "peer"])
def test_a_wrong_answer_is_refused_before_anything_is_timed(wrong: str) -> None:
    def never(times: int) -> float:
        raise AssertionError("it was timed")

    sides = {name: replace(side(name, 1, 2 if name == wrong else 1), cost=never) for name in ("product", "peer")}
    with pytest.raises(WrongAnswer, match=wrong):
        measured(row(sides["product"], sides["peer"]))


def test_a_cost_is_told_as_a_multiple_of_its_peers() -> None:
    told = measured(row(side("product", 3e-6), side("peer", 1e-6)))
    assert (told["product"], told["compared"][0]["figure"], told["compared"][0]["ratio"]) == (3, 1, 3)


def test_a_rate_is_told_as_a_part_of_its_peers() -> None:
    told = measured(row(side("product", 0.01), side("peer", 0.001), unit="per CPU-second"))
    assert (told["product"], told["compared"][0]["figure"], told["compared"][0]["ratio"]) == (100, 1000, 0.1)


def test_the_ratio_is_the_median_of_the_rounds_and_tells_its_ends() -> None:
    costs = iter([1, 1, 1.0, 5.0, 3.0])  # how many fill a slice is found out first
    product = replace(side("product", 1), cost=lambda times: next(costs) * times)
    told = measured(row(product, side("peer", 1)))["compared"][0]
    assert told["least"] <= told["ratio"] <= told["most"]
    assert (told["least"], told["most"]) == (1, 5)


def test_a_peer_that_is_not_here_is_told_with_its_install_line_and_not_made_up() -> None:
    missing = Missing("etcd", "apt-get install etcd-server")
    told = measured(row(side("product", 1), missing, side("hello", 1)))
    assert told["verdict"] == "not judged"
    assert [one["peer"] for one in told["compared"]] == ["hello"]
    assert "etcd is not here: apt-get install etcd-server" in report.line(told)


def test_what_is_not_there_yet_has_no_figure() -> None:
    def nothing() -> AbstractContextManager[Contest]:
        raise NotThere("no cache")

    told = measured(replace(row(side("product", 1), side("peer", 1)), open=nothing))
    assert (told["product"], told["verdict"], told["remark"]) == (None, "not there yet", "no cache")


@pytest.mark.parametrize(
    ("anchor", "ratio", "judged"),
    [
        pytest.param(COST, 1, "goal", id="a cost at its goal"),
        pytest.param(COST, 2, "must", id="a cost at its must"),
        pytest.param(COST, 2.01, "missed", id="a cost over its must"),
        pytest.param(RATE, 1, "goal", id="a rate at its goal"),
        pytest.param(RATE, 0.5, "must", id="a rate at its must"),
        pytest.param(RATE, 0.49, "missed", id="a rate under its must"),
        pytest.param(None, 9, "not judged", id="no limit"),
        pytest.param(COST, None, "not judged", id="no peer"),
    ],
)
def test_a_ratio_is_judged_by_its_row_of_the_table(anchor: Anchor | None, ratio: float | None, judged: str) -> None:
    assert verdict(anchor, ratio, is_there=True) == judged


def test_musts_and_goals_come_from_the_table_alone() -> None:
    told = measured(row(side("product", 1), side("peer", 1), name="diff_100kb"))
    assert (told["must"], told["goal"]) == (ANCHORS["diff_100kb"].must, ANCHORS["diff_100kb"].goal)
    assert measured(row(side("product", 1), side("peer", 1), name="no such row"))["must"] is None
    assert ANCHORS.keys() <= {one.name for one in ROWS}, "the table demands something of a row that is not measured"


def test_a_goal_is_never_easier_than_its_must() -> None:
    assert all(anchor.holds(anchor.goal, anchor.must) for anchor in ANCHORS.values())


def test_rows_have_names_of_their_own() -> None:
    names = [one.name for one in ROWS] + [PRICES_ROW]
    assert len(names) == len(set(names))


def test_a_row_that_was_not_measured_keeps_its_figures(tmp_path: Path) -> None:
    file, order = tmp_path / "results.json", ["resolve_hit", "diff_100kb"]
    for name, seconds in (("diff_100kb", 1), ("resolve_hit", 2), ("resolve_hit", 3)):
        one = row(side("product", seconds * 1e-6), side("peer", 1e-6), name=name)
        report.save([measure(one, 3, 0.001)], [], order, file)
    kept = json.loads(file.read_text())["rows"]
    assert [(one["name"], one["product"]) for one in kept] == [("resolve_hit", 3), ("diff_100kb", 1)]


@pytest.fixture(scope="module")
def kept() -> Any:
    return json.loads(report.RESULTS.read_text())


def test_the_kept_results_are_whole(kept: Any) -> None:
    assert [one["name"] for one in kept["rows"]] == [one.name for one in ROWS]
    told = measured(row(side("product", 1), side("peer", 1))).keys()
    for one in kept["rows"]:
        assert one.keys() == told
        for peer in one["compared"]:
            assert peer.keys() == {"peer", "figure", "ratio", "least", "most"}
            assert 0 < peer["least"] <= peer["ratio"] <= peer["most"]


def test_the_kept_results_are_judged_by_the_table_of_now(kept: Any) -> None:
    for one in kept["rows"]:
        anchor = ANCHORS.get(one["name"])
        judged = [peer["ratio"] for peer in one["compared"] if peer["peer"] == one["against"]]
        there = one["product"] is not None
        assert one["verdict"] == verdict(anchor, judged[0] if judged else None, is_there=there), one["name"]
        assert (one["must"], one["goal"]) == ((anchor.must, anchor.goal) if anchor else (None, None))


def test_the_kept_results_name_no_place_and_no_host(kept: Any) -> None:
    text = json.dumps(kept)
    assert not [word for word in ("/home", "/work", "/tmp", "/root", socket.gethostname()) if word in text]


def test_the_document_shows_the_kept_results(kept: Any) -> None:
    text = report.DOCUMENT.read_text()
    assert report.document(kept, text) == text, "write it again: python -m tests.bench.report"


def counted(**more: Any) -> float:
    return dollars(more.get("calls", {}), more.get("read", 0), more.get("written", 0), more.get("log", 0))


def test_a_price_is_that_of_its_counted_calls() -> None:
    price, nothing = PRICES["dollars_per_million"], counted()
    assert nothing == pytest.approx(price["http_api_request"] + price["lambda_request"], abs=0.05)
    units = 2 * price["dynamodb_read_unit"] + 3 * price["dynamodb_write_unit"]
    assert counted(read=2, written=3) - nothing == pytest.approx(units)
    assert counted(calls={"kms:Decrypt": 1}) - nothing == pytest.approx(price["kms_request"], abs=0.1)
    assert counted(log=2**30) - nothing == pytest.approx(1e6 * PRICES["log_gb"])
