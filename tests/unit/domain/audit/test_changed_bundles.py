"""Nothing that was changed in a bundle passes: every field, every cut, every swap; not here and not with the script."""

import copy
import runpy
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path as File
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_config_domain.audit.bundles import Unproven, verified
from llm_config_domain.audit.checkpoints import Checkpoint
from tests.unit.domain.audit.bundling import Signer, log, refused

ROOT = File(__file__).parents[4]
Path = tuple[str | int, ...]
SCRIPT = SimpleNamespace(**runpy.run_path(str(ROOT / "docs" / "verify_audit.py")))
Change = tuple[str, Callable[[dict[str, Any]], Any]]


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
