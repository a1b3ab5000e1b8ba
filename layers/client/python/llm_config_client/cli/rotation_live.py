"""A rotation as it goes, on a terminal: its stages, who uses what, what it waits for and until when."""

import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.console import Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from llm_config_client.cli import drawing, rotation_tables, screen
from llm_config_client.cli.screen import shown
from llm_config_contract.rotations import RotationStep, RotationView
from llm_config_domain import times

if TYPE_CHECKING:
    from rich.console import RenderableType

STAGES = ("plan", "create", "test", "notify", "acknowledge", "promote", "grace", "retire")
FRAME_SECONDS = 0.25
_DONE, _NOW, _AHEAD, _HELD = ("done", "green"), ("now", "bold cyan"), ("", "dim"), ("held", "bold yellow")
_WAITS = {
    "create": "the target, to make the new credential",
    "test": "the target, to take the new credential",
    "notify": "the notice to be on record",
    "acknowledge": "acknowledgements",
    "promote": "the end of the notice",
    "grace": "the next look at who uses the old version",
    "retire": "the target, to refuse the old credential",
    "withdraw": "the target, to forget the new credential",
}


def follow(look: Callable[[], RotationView], interval: float) -> RotationView:
    """Shows what `look` finds, every `interval` seconds, until it ends or waits for a person; the last picture stays."""
    with Live(console=screen.console_on(sys.stdout), auto_refresh=False) as live:
        while True:
            found = look()
            for now in _frames(interval):
                live.update(drawn(found, now), refresh=True)
                if found.status != "running":
                    return found


def _frames(interval: float) -> Iterator[datetime]:
    """The time, again and again, so that what is waited for counts down between two looks."""
    end = time.monotonic() + interval
    yield datetime.now(UTC)
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(FRAME_SECONDS, left))
        yield datetime.now(UTC)


def drawn(found: RotationView, now: datetime) -> "RenderableType":
    name = Text.assemble((shown(f"{found.namespace}/{found.key}"), "bold"), f" in {shown(found.environment)}, ")
    versions = f"version {found.old_version} to {found.new_version or drawing.ABSENT}, {found.reason}"
    parts: list[RenderableType] = [name.append(versions), Text(), _stages(found)]
    services = _services(found)
    if services.row_count:
        parts += [Text(), services]
    return Group(*parts, Text(), _waits(found, now))


def _stages(found: RotationView) -> Table:
    table = Table.grid(padding=(0, drawing.GAP))
    taken = {one.step: one for one in found.steps}
    strays = [one for one in taken if one not in STAGES and one != "resume"]
    for stage in (*STAGES, *strays):
        word, style = _state(found, stage, taken.get(stage))
        one = taken.get(stage)
        told = (drawing.ABSENT, "") if one is None else (one.at[11:19], shown(one.outcome))
        table.add_row(Text(word, style=style), Text(stage, style=style), Text(told[0], style="dim"), told[1])
    return table


def _state(found: RotationView, stage: str, taken: RotationStep | None) -> tuple[str, str]:
    if stage == found.step and found.status in ("running", "held"):
        return _NOW if found.status == "running" else _HELD
    return _AHEAD if taken is None else _DONE


def _services(found: RotationView) -> Table:
    """Who has spoken, who is missing, and who was seen with the old version when it was looked at last."""
    missing = {name for one in found.steps for name in one.evidence.get("missing", ())}
    seen = next((one.evidence for one in reversed(found.steps) if "users" in one.evidence), {})
    users = set(seen.get("users", ()))
    rows = [
        (shown(name), _spoken(found, name), "the old version" if name in users else drawing.ABSENT)
        for name in sorted(missing | users | set(found.acknowledgements))
    ]
    return drawing.table("SERVICE", "ACKNOWLEDGED (UTC)", "SEEN WITH", rows=rows) if rows else Table()


def _spoken(found: RotationView, service: str) -> str:
    at = found.acknowledgements.get(service)
    return at[11:19] if at else "no"


def _waits(found: RotationView, now: datetime) -> Text:
    if found.status != "running":
        return rotation_tables.end(found)
    waits = Text.assemble("waits for ", (_WAITS.get(found.step, found.step), "bold"))
    left = round((times.parse(found.not_before) - now).total_seconds())
    return waits if left <= 0 else waits.append(f" until {found.not_before[11:19]} UTC, {_duration(left)} more")


def _duration(seconds: int) -> str:
    """Two units: `2 d 3 h`, `4 min 5 s`."""
    found = []
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        found.append((count, unit))
    first = next((at for at, (count, _) in enumerate(found) if count), len(found) - 1)
    return " ".join(f"{count} {unit}" for count, unit in found[first : first + 2] if count) or "0 s"
