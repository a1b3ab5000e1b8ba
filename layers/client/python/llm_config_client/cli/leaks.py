"""What is known of a leak: what was done about it, who has read the secret, where it went, and what is left to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from llm_config_client.cli.screen import shown
from llm_config_contract.audit import AuditEntry
from llm_config_contract.rotations import RotationView
from llm_config_contract.secrets import SecretMetadata

if TYPE_CHECKING:  # rich is loaded when something is drawn
    from rich.console import RenderableType


@dataclass(frozen=True, slots=True)
class Leak:
    """`ended` is the rotation, None where no target of the secret is known; `entries` is what the audit says, None where
    the caller may not see it; `purged`: caches begin anew."""

    path: str
    environment: str
    leaked: SecretMetadata | None
    ended: RotationView | None
    entries: Sequence[AuditEntry] | None
    purged: bool

    @property
    def reads(self) -> list[AuditEntry]:
        """The secret's value left the service."""
        return [
            one
            for one in self.entries or ()
            if one.event_type == "secret.accessed"
            and (one.resource.id, one.resource.environment) == (self.path, self.environment)
            and one.result.status == "success"
        ]

    @property
    def copies(self) -> list[AuditEntry]:
        """Other names that got the value."""
        place = (self.path, self.environment)
        return [
            one
            for one in self.entries or ()
            if (one.metadata.get("from"), one.metadata.get("from_environment")) == place
        ]

    @property
    def services(self) -> list[str]:
        """Who reported that it used what leaked, as far as the rotation saw."""
        steps = self.ended.steps if self.ended else []
        return sorted({user for step in steps for user in step.evidence.get("users", ())})

    @property
    def to_do(self) -> list[str]:
        """What the product cannot do, in order."""
        at = f"{self.path} --env {self.environment}"
        todo: list[str] = []
        if self.ended is None:
            version = self.leaked.version if self.leaked else "N"
            todo += [
                "make a new credential where it is valid (the provider, the database)",
                f"store it: llm-config secret set {at} -",
                "end the leaked one where it is valid: until then whoever has it can use it",
                f"take it out of use here: llm-config secret revoke {at} --version {version}",
                "name the target where it is valid (docs/rotation-targets.md): then the next rotation does all of this",
            ]
        elif self.ended.status == "held":
            todo.append(f"see why it is held: llm-config rotation show {self.ended.rotation_id}; then resume it")
        elif self.ended.status == "running":
            todo.append(f"it still runs: llm-config rotation watch {self.ended.rotation_id}")
        elif self.ended.status != "completed":
            todo.append(f"the leaked version is in use still: see llm-config rotation show {self.ended.rotation_id}")
        if self.copies:
            todo.append("the names that got a copy hold the leaked value: rotate them too")
        if self.entries is None:
            todo.append(
                "let somebody who may see the audit list the reads: llm-config audit list --type secret.accessed"
            )
        return todo

    @property
    def document(self) -> dict[str, Any]:
        return {
            "path": self.path,
            "environment": self.environment,
            "leaked_version": self.leaked.version if self.leaked else None,
            "rotation": self.ended.model_dump() if self.ended else None,
            "reads": None if self.entries is None else [_told(one) for one in self.reads],
            "copies": None if self.entries is None else [_told(one) for one in self.copies],
            "services": self.services,
            "caches_purged": self.purged,
            "to_do": self.to_do,
        }


def _told(one: AuditEntry) -> dict[str, Any]:
    return {
        "at": one.timestamp,
        "by": one.actor.id,
        "actor_type": one.actor.type,
        "request_id": one.request_id,
        "versions": one.metadata.get("versions") or [one.metadata.get("version")],
        "through": one.metadata.get("through"),
        "path": one.resource.id,
        "environment": one.resource.environment,
        "entry": one.id,
    }


def drawn(leak: Leak) -> "Sequence[RenderableType]":
    from rich.text import Text

    from llm_config_client.cli import drawing, rotation_tables

    parts: list[RenderableType] = []
    if leak.ended is None:
        parts.append(Text("nothing was rotated: no rotation target of this secret is known", style="bold red"))
    else:
        parts += [*map(rotation_tables.step, leak.ended.steps), rotation_tables.end(leak.ended)]
    users = ", ".join(map(shown, leak.services)) or drawing.ABSENT
    parts += [Text(), drawing.facts({"reads": _count(leak), "reported by": users, "caches": _caches(leak)})]
    for head, entries in (("READ AT (UTC)", leak.reads), ("COPIED AT (UTC)", leak.copies)):
        if entries:
            rows = [_row(leak, _told(one)) for one in entries]
            parts += [Text(), drawing.table(head, "BY", "KIND", "VERSION", "THROUGH OR TO", "REQUEST", rows=rows)]
    if leak.to_do:
        parts += [Text(), Text("what is left to do", style="bold yellow")]
        parts += [Text(f"{number}. {shown(text)}") for number, text in enumerate(leak.to_do, 1)]
    return parts


def _caches(leak: Leak) -> str:
    return "purged" if leak.purged else "not for you to purge: they hold no secret"


def _count(leak: Leak) -> str:
    if leak.entries is None:
        return "not for you to see"
    people = {one.actor.id for one in leak.reads}
    return f"{len(leak.reads)} by {len(people)}"


def _row(leak: Leak, told: dict[str, Any]) -> tuple[str, ...]:
    from llm_config_client.cli import drawing

    versions = ", ".join(str(version) for version in told["versions"])
    place = (told["path"], told["environment"])
    itself = place == (leak.path, leak.environment)
    where = told["through"] or (drawing.ABSENT if itself else " in ".join(place))
    kind = told["actor_type"]
    return drawing.minute(told["at"]), shown(told["by"]), kind, versions, shown(where), shown(told["request_id"])
