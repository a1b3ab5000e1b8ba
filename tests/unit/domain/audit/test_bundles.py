"""A bundle proves what was recorded, and nothing that was changed in it passes: every field, every cut, every swap."""

import copy
import json
import random
import runpy
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path as File
from types import SimpleNamespace
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from llm_config_domain.audit.bundles import Unproven, check_not_forked, verified
from llm_config_domain.audit.checkpoints import Checkpoint
from llm_config_domain.audit.leaves import canonical, record_of
from tests.unit.domain.audit.bundling import GLOBEX, Log, Signer, entry, log

ROOT = File(__file__).parents[4]
Path = tuple[str | int, ...]
SCRIPT = SimpleNamespace(**runpy.run_path(str(ROOT / "docs" / "verify_audit.py")))
Change = tuple[str, Callable[[dict[str, Any]], Any]]


def refused(bundle: Any, **held: Any) -> str:
    with pytest.raises(Unproven) as found:
        verified(bundle, Signer().key, **held)
    return str(found.value)


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


def leaves_of(value: Any, path: Path = ()) -> Iterator[Path]:
    if isinstance(value, dict | list) and value:
        for name, member in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves_of(member, (*path, name))
    else:
        yield path


def parent(bundle: Any, path: Path) -> Any:
    for part in path[:-1]:
        bundle = bundle[part]
    return bundle


def others(value: Any) -> list[Any]:
    """What could stand there instead: other text or another number, of another type, more, less, nothing."""
    if isinstance(value, str) and value:
        flipped = f"{value[:-1]}{chr(ord(value[-1]) ^ 1)}"
        return [flipped, value[:-1], f"{value} ", value.swapcase() + "x", [value], None, ""]
    if isinstance(value, int) and not isinstance(value, bool):
        return [value + 1, -value - 1, str(value), [value], None]
    return ["none", 1, [value]]


def changed(path: Path, to: int) -> Change:
    def change(bundle: dict[str, Any]) -> None:
        holder = parent(bundle, path)
        holder[path[-1]] = others(holder[path[-1]])[to]

    return f"changed {path} to {to}", change


def removed(path: Path) -> Change:
    def change(bundle: dict[str, Any]) -> None:
        del parent(bundle, path)[path[-1]]

    return f"removed {path}", change


def added(path: Path) -> Change:
    def change(bundle: dict[str, Any]) -> None:
        holder = parent(bundle, (*path, ""))
        holder.append("more") if isinstance(holder, list) else holder.update(more=1)

    return f"added to {path}", change


def containers(value: Any, path: Path = ()) -> Iterator[Path]:
    if isinstance(value, dict | list):
        yield path
        for name, member in value.items() if isinstance(value, dict) else enumerate(value):
            yield from containers(member, (*path, name))


def deleted(entries: list[Any], at: int) -> None:
    del entries[at]


def doubled(entries: list[Any], at: int) -> None:
    entries.insert(at, entries[at])


def cut_after(entries: list[Any], at: int) -> None:
    del entries[at:]


def cut_before(entries: list[Any], at: int) -> None:
    del entries[: at + 1]


def swapped(entries: list[Any], at: int) -> None:
    entries[at - 1], entries[at] = entries[at], entries[at - 1]


def moved(entries: list[Any], at: int) -> None:
    entries.insert(len(entries) - 1 - at, entries.pop(at))


def cuts(bundle: dict[str, Any]) -> Iterator[Change]:
    for kind in (deleted, doubled, cut_after, cut_before, swapped, moved):
        for at in range(len(bundle["entries"])):
            yield f"{kind.__name__} {at}", partial(_cut, kind, at)


def _cut(kind: Callable[[list[Any], int], None], at: int, bundle: dict[str, Any]) -> None:
    kind(bundle["entries"], at)


def mutations(bundle: dict[str, Any]) -> Iterator[Change]:
    for path in leaves_of(bundle):
        value = parent(bundle, path)[path[-1]]
        yield from (changed(path, to) for to in range(len(others(value))))
        yield removed(path)
    for path in containers(bundle):
        yield added(path)
    yield from cuts(bundle)


def ours_accepts(bundle: Any, held: Checkpoint | None = None) -> bool:
    try:
        verified(bundle, Signer().key, held)
    except Unproven:
        return False
    return True


def script_accepts(bundle: Any, held: Checkpoint | None = None) -> bool:
    """What auditors use who trust none of our code: it must say the same."""
    try:
        SCRIPT.verify(bundle, Signer().public, Signer().signed(held).to_record() if held else None)
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
    return True


BUNDLES = {"whole": (0, None), "a range": (5, 12), "to the end": (14, None)}


@pytest.mark.parametrize("part", BUNDLES)
def test_no_change_of_a_bundle_passes(part: str) -> None:
    first, last = BUNDLES[part]
    bundle = log(18).bundle(first, last)
    tried, passed = 0, []
    for label, change in mutations(bundle):
        mutant = copy.deepcopy(bundle)
        change(mutant)
        if mutant == bundle:  # the middle of a list moved to its own place
            continue
        tried += 1
        if any(accepts(mutant) for accepts in (ours_accepts, script_accepts)):
            passed.append(label)
    assert not passed and tried > {"whole": 2700, "a range": 1000, "to the end": 600}[part], (tried, passed[:5])


@given(st.integers(0, 24), st.integers(0, 24), st.data())
def test_the_script_and_the_command_agree_on_what_extends_what(first: int, held: int, data: st.DataObject) -> None:
    size = data.draw(st.integers(first, 24))
    last = data.draw(st.integers(first, size))
    recorded = log(24)
    bundle, earlier = recorded.bundle(first, last, size), recorded.checkpoint(held)
    assert script_accepts(bundle) and ours_accepts(bundle)
    assert script_accepts(bundle, earlier) == ours_accepts(bundle, earlier)


def test_every_flipped_bit_of_a_note_is_found() -> None:
    bundle = log(9).bundle()
    note = bundle["checkpoint"]["note"].encode()
    for at in range(8 * len(note)):
        flipped = bytes([*note[: at // 8], note[at // 8] ^ 1 << at % 8, *note[at // 8 + 1 :]]).decode(
            "utf-8", "replace"
        )
        assert refused({**bundle, "checkpoint": {**bundle["checkpoint"], "note": flipped}})


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


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**54), 2**54) | st.text() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=3), JSON, max_size=4))
def test_canonical_text_is_that_of_rfc_8785_whichever_way_it_is_made(record: dict[str, Any]) -> None:
    try:
        expected = rfc8785.dumps(record)
    except (ValueError, UnicodeError):
        with pytest.raises(ValueError):
            canonical(record)
        return
    assert canonical(record) == expected


def test_an_entry_is_the_same_leaf_whatever_the_order_of_its_members() -> None:
    record = record_of(entry(1))
    names = list(record)
    random.Random(7).shuffle(names)
    assert canonical({name: record[name] for name in names}) == canonical(record)
    assert json.loads(canonical(record)) == record
