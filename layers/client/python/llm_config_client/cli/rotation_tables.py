"""What people see of rotations: where one stands, its steps a line each, and when the next ones come."""

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from llm_config_client.cli import drawing
from llm_config_client.cli.screen import shown
from llm_config_contract.rotations import (
    RotationScheduleView,
    RotationStarted,
    RotationStep,
    RotationSummary,
    RotationView,
    SchedulePreview,
)

_STYLES = {"completed": "green", "running": "cyan", "held": "bold yellow"}
Drawn = Sequence[RenderableType]


def started(found: RotationStarted) -> Drawn:
    told = Text.assemble((shown(found.rotation_id), "bold"), " has begun")
    return [told.append("; 'llm-config rotation watch' follows it", style="dim")]


def rotations(found: Sequence[RotationSummary]) -> Drawn:
    head = ("ROTATION", "SECRET", "ENVIRONMENT", "STATUS", "NEXT", "NOT BEFORE (UTC)", "REASON")
    rows = [
        (
            one.rotation_id,
            shown(f"{one.namespace}/{one.key}"),
            shown(one.environment),
            one.status,
            one.step,
            drawing.minute(one.not_before),
            one.reason,
        )
        for one in found
    ]
    return [drawing.table(*head, rows=rows)]


def rotation(found: RotationView) -> Drawn:
    name = Text.assemble((shown(f"{found.namespace}/{found.key}"), "bold"), f" in {shown(found.environment)}")
    versions = f"{found.old_version} to {found.new_version or drawing.ABSENT}"
    facts = {
        "rotation": found.rotation_id,
        "status": found.status,
        "next": f"{found.step}, not before {found.not_before}",
        "versions": versions,
        "reason": found.reason + (f": {found.comment}" if found.comment else ""),
        "begun": drawing.by(found.started_at, found.requested_by),
    }
    return [name, drawing.facts(facts), Text(), *map(step, found.steps)]


def step(one: RotationStep) -> Text:
    return Text.assemble((one.at, "dim"), f"  {one.step:<12}", (shown(one.outcome), "bold"))


def end(found: RotationView) -> Text:
    style = _STYLES.get(found.status, "bold red")
    return Text.assemble((found.status, style), f": {shown(found.steps[-1].outcome)}")


def schedule(found: RotationScheduleView) -> Drawn:
    facts = {
        "schedule": f"{found.schedule} ({found.timezone})",
        "enabled": "yes" if found.enabled else "no",
        "next": found.next_rotation_at or drawing.ABSENT,
        "target": str(found.target["kind"]),
    }
    name = Text.assemble((shown(f"{found.namespace}/{found.key}"), "bold"), f" in {shown(found.environment)}")
    return [name, drawing.facts(facts)]


def unscheduled(path: str, environment: str) -> Drawn:
    return [Text.assemble((shown(path), "bold"), f" in {shown(environment)} rotates no more by itself")]


def preview(found: SchedulePreview) -> Drawn:
    return [Text(shown(found.schedule), style="bold"), *(Text(moment) for moment in found.times)]
