"""The one table of what is demanded of a row: the ratio that must be held, and the one that is aimed at."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["goal", "must", "missed", "not judged", "not there yet"]


@dataclass(frozen=True, slots=True)
class Anchor:
    """Of product to peer. A rate must be at least so much of its peer's, a cost at most."""

    must: float
    goal: float
    at_least: bool = False

    def holds(self, ratio: float, limit: float) -> bool:
        return ratio >= limit if self.at_least else ratio <= limit


ANCHORS: dict[str, Anchor] = {
    "cold_config_read": Anchor(1.6, 0.6),
    "cold_secret_read": Anchor(2.0, 1.1),
    "resolve_hit": Anchor(6, 2.5),
    "resolve_miss": Anchor(1.5, 0.5),
    "resolve_layers_1kb": Anchor(1.3, 0.5),
    "resolve_layers_100kb": Anchor(1.3, 0.5),
    "secret_decrypt": Anchor(1.2, 0.5),
    "sdk_get": Anchor(10, 3.9),
    "http_read": Anchor(1, 2, at_least=True),
    "http_write": Anchor(0.5, 0.8, at_least=True),
    "http_write_wall": Anchor(0.5, 0.8, at_least=True),
    "validation_1kb": Anchor(3, 1.5),
    "audit_append": Anchor(10, 3),
    "diff_100kb": Anchor(4, 1.5),
    "growth_keys_one_namespace": Anchor(4, 2.5),
    "growth_keys_spread": Anchor(4, 2.5),
    "growth_versions": Anchor(4, 2.5),
    "growth_tenants": Anchor(4, 2.5),
}


def verdict(anchor: Anchor | None, ratio: float | None, *, is_there: bool) -> Verdict:
    if not is_there:
        return "not there yet"
    if anchor is None or ratio is None:
        return "not judged"
    if anchor.holds(ratio, anchor.goal):
        return "goal"
    return "must" if anchor.holds(ratio, anchor.must) else "missed"
