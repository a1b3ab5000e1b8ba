"""The picture of the state machine in docs/rotation.md is drawn from the state machine itself."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.catalog
ROOT = Path(__file__).parents[2]
MACHINE = ROOT / "infra/cdk/llm_config_cdk/state_machines/rotate_secret.asl.json"
PAGE = ROOT / "docs/rotation.md"
BEGIN, END = "<!-- drawn from rotate_secret.asl.json -->\n", "<!-- end -->\n"


def drawn() -> str:
    machine = json.loads(MACHINE.read_text())
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {machine['StartAt']}"]
    for name, state in machine["States"].items():
        lines += [f"    {name} --> {line}" for line in _ways(state)]
    return "\n".join([*lines, "```"]) + "\n"


def _ways(state: dict[str, Any]) -> list[str]:
    ways = [f"{choice['Next']}: {choice['StringEquals']}" for choice in state.get("Choices", ())]
    ways += [state["Next"]] if "Next" in state else []
    ways += [f"{state['Default']}: nothing"] if "Default" in state else []
    ways += [f"{catch['Next']}: failed for good" for catch in state.get("Catch", ())]
    return ways or ["[*]"]


def test_the_picture_is_current() -> None:
    before, begin, rest = PAGE.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    assert begin and end, "docs/rotation.md has lost its place for the picture"
    now = before + BEGIN + drawn() + END + after
    if os.environ.get("GOLDEN") == "write":
        PAGE.write_text(now)
    assert PAGE.read_text() == now, "run make golden and review the difference"


def test_the_page_names_every_state() -> None:
    states = json.loads(MACHINE.read_text())["States"]
    assert all(f"`{name}`" in PAGE.read_text() for name, state in states.items() if state["Type"] == "Task")
