"""A bundle proves what was recorded, and says what is wrong with one that does not."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_config_domain.audit.bundles import Unproven, check_not_forked, verified
from tests.unit.domain.audit.bundling import GLOBEX, Log, Signer, entry, log, refused


@given(st.integers(0, 40), st.data())
def test_every_range_of_every_tree_proves_itself(size: int, data: st.DataObject) -> None:
    recorded = log(40)
    first = data.draw(st.integers(0, size))
    last = data.draw(st.integers(first, size))
    proven = verified(recorded.bundle(first, last, size), Signer().key)
    assert (proven.checkpoint.size, proven.first, len(proven.leaves)) == (size, first, last - first)
    for earlier in range(size + 1):
        known = proven.root_at(earlier)
        if first <= earlier <= last and first < size:
            assert known is not None
        assert known in (None, recorded.checkpoint(earlier).root)


def test_a_bundle_extends_what_was_held_before() -> None:
    recorded = log(23)
    bundle = recorded.bundle()
    for size in range(24):
        assert verified(bundle, Signer().key, recorded.checkpoint(size)).checkpoint.size == 23


def test_a_rolled_back_store_is_found_by_who_holds_a_newer_checkpoint() -> None:
    recorded = log(23)
    assert "rolled back" in refused(recorded.bundle(size=20, last=20), held=recorded.checkpoint(23))


def test_a_rewritten_history_is_found_by_who_holds_an_older_checkpoint() -> None:
    rewritten = Log([entry(number + (number == 3)) for number in range(23)])
    assert "forked" in refused(rewritten.bundle(), held=log(10).checkpoint())
    assert verified(rewritten.bundle(), Signer().key, log(3).checkpoint())


def test_what_cannot_be_compared_says_what_to_export() -> None:
    recorded = log(23)
    assert "from the beginning" in refused(recorded.bundle(first=12), held=recorded.checkpoint(5))
    assert "another tree" in refused(recorded.bundle(), held=log(5, tenant=GLOBEX).checkpoint())


def test_two_bundles_of_a_forked_tree_are_found_together() -> None:
    key = Signer().key
    one, other = verified(log(12).bundle(), key), verified(Log([entry(n + 1) for n in range(20)]).bundle(), key)
    with pytest.raises(Unproven, match="forked"):
        check_not_forked(one, other)
    with pytest.raises(Unproven, match="forked"):
        check_not_forked(other, one)
    check_not_forked(one, verified(log(20).bundle(), key))
    check_not_forked(one, verified(log(20, tenant=GLOBEX).bundle(), key))


def test_a_bundle_signed_by_another_key_proves_nothing() -> None:
    assert "not signed by this key" in refused(log(5, signer=Signer(2)).bundle())


def test_an_entry_of_another_tenant_is_not_taken() -> None:
    bundle = log(5).bundle()
    bundle["entries"][2] = log(5, tenant=GLOBEX).records[2]
    assert "entry 2" in refused(bundle)


@pytest.mark.parametrize(
    "bundle",
    [
        pytest.param(None, id="nothing"),
        pytest.param([], id="a list"),
        pytest.param({}, id="empty"),
        pytest.param({"entries": [], "proofs": {}, "checkpoint": {}}, id="hollow"),
    ],
)
def test_what_is_no_bundle_is_refused(bundle: Any) -> None:
    assert refused(bundle)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(lambda b: b.update(entries={}), "not a list", id="entries that are no list"),
        pytest.param(lambda b: b["proofs"].update(first_index=True), "no place", id="an index that is no number"),
        pytest.param(lambda b: b["proofs"].update(first_index=-1), "no place", id="an index before the first"),
        pytest.param(lambda b: b["proofs"].update(hashes="ab"), "no place", id="hashes that are no list"),
        pytest.param(lambda b: b["proofs"].update(hashes=[1]), "hexadecimal", id="a hash that is no text"),
        pytest.param(lambda b: b["proofs"].update(hashes=["AB"]), "as it was served", id="a hash in capitals"),
        pytest.param(lambda b: b["checkpoint"].update(note=1), "nothing else", id="a note that is no text"),
        pytest.param(lambda b: b["checkpoint"].update(note="x"), "signed note", id="a note without a signature"),
        pytest.param(lambda b: b["checkpoint"].update(note="x" * 5000 + "\n\ny"), "signed note", id="a note too long"),
        pytest.param(lambda b: b["entries"][1]["metadata"].update(version=2**60), "entry 1", id="a number too large"),
        pytest.param(lambda b: b["entries"][1].update(id="\ud800"), "entry 1", id="half a character"),
    ],
)
def test_a_refusal_says_where(change: Callable[[Any], None], said: str) -> None:
    bundle = log(5).bundle(1)
    bundle["entries"].insert(0, bundle["entries"].pop(0))
    change(bundle)
    told = refused(bundle)
    assert said in told or (said == "entry 1" and "entry 2" in told), told


def test_a_signed_note_that_is_no_checkpoint_is_refused() -> None:
    signer = Signer()
    for text in (
        "origin",
        "origin\n5",
        "origin\n-5\nAAAA",
        "origin\n05\nAAAA",
        "origin\n5\nAAAA",
        "\n5\n" + "A" * 43 + "=",
    ):
        bundle = log(5).bundle()
        bundle["checkpoint"]["note"] = _note(signer, text)
        assert "does not say" in refused(bundle) or not text.startswith("origin")


def _note(signer: Signer, text: str) -> str:
    class Told:
        pass

    told: Any = Told()
    told.text = f"{text}\n"
    return signer.signed(told).note
