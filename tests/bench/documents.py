"""Configs as they are measured: nested objects of a given size, and overlays that touch a part of one."""

import json
from copy import deepcopy
from typing import Any

LEAVES = ("value-{n}-xxxxxxxxxxxx", 0, "0.{n}", True, ["a", "b"])


def document(size: int) -> dict[str, Any]:
    """About `size` bytes of JSON, three objects deep. Numbers are integers and text: every reader keeps those."""
    whole: dict[str, Any] = {}
    length, number = 2, 0
    while length < size:
        place = whole.setdefault(f"group{number // 64}", {}).setdefault(f"part{number // 16 % 4}", {})
        place = place.setdefault(f"section{number // 4 % 4}", {})
        place[f"key{number}"] = _leaf(number)
        length += len(json.dumps(place[f"key{number}"])) + len(f'"key{number}": , ') + (12 if number % 4 == 0 else 0)
        number += 1
    return whole


def _leaf(number: int) -> Any:
    leaf = LEAVES[number % len(LEAVES)]
    if isinstance(leaf, str):
        return leaf.format(n=number)
    return number if leaf == 0 and leaf is not False else deepcopy(leaf)


def overlay(whole: dict[str, Any], every: int, start: int = 0) -> dict[str, Any]:
    """Every so many-th leaf of `whole`, with another value."""
    seen = [start]
    return _thinned(whole, every, seen)


def _thinned(whole: dict[str, Any], every: int, seen: list[int]) -> dict[str, Any]:
    thin: dict[str, Any] = {}
    for name, member in whole.items():
        if isinstance(member, dict):
            below = _thinned(member, every, seen)
            if below:
                thin[name] = below
            continue
        seen[0] += 1
        if seen[0] % every == 0:
            thin[name] = f"overlaid {seen[0]}"
    return thin


def layers(size: int) -> list[dict[str, Any]]:
    """A base and four overlays of a fifth each."""
    base = document(size)
    return [base, *(overlay(base, 5, start) for start in range(4))]


def changed(whole: dict[str, Any]) -> dict[str, Any]:
    """A copy with one leaf replaced and one added, far from each other."""
    new = deepcopy(whole)
    first, last = next(iter(new.values())), list(new.values())[-1]
    first["part0"]["section0"]["key0"] = "another"
    last["added"] = 1
    return new
