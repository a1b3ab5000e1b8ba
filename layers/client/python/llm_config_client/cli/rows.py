"""Tables with a row for each: of listings, histories, changes and whole namespaces. Times are UTC, to the minute."""

from collections.abc import Mapping, Sequence

from rich.console import RenderableType
from rich.text import Text

from llm_config_client.cli import drawing
from llm_config_client.cli.screen import shown
from llm_config_contract.access import ApiKeyView
from llm_config_contract.audit import AuditEntry
from llm_config_contract.compliance import ComplianceReport, FindingView
from llm_config_contract.configs import ChangeView, ConfigMetadataView, ConfigValidation
from llm_config_contract.fleet import FleetPage
from llm_config_contract.names import FoundName
from llm_config_contract.namespaces import NamespaceView
from llm_config_contract.problems import ViolationView
from llm_config_contract.resolved import ResolvedNamespace
from llm_config_contract.secrets import SecretMetadata
from llm_config_contract.wire import VersionView

Drawn = Sequence[RenderableType]


def configs(found: Sequence[ConfigMetadataView]) -> Drawn:
    head = ("PATH", "ENVIRONMENT", "VERSION", "UPDATED (UTC)", "BY", "TAGS")
    rows = [(*_named(one), str(one.version), *_latest(one), drawing.tags(one.tags) or drawing.ABSENT) for one in found]
    return [drawing.table(*head, rows=rows)]


def history(found: Sequence[ConfigMetadataView]) -> Drawn:
    rows = [(str(one.version), _change(one), *_latest(one), _reason(one)) for one in found]
    return [drawing.table("VERSION", "CHANGE", "AT (UTC)", "BY", "REASON", rows=rows)]


def secrets(found: Sequence[SecretMetadata]) -> Drawn:
    head = ("PATH", "ENVIRONMENT", "TYPE", "VERSION", "STAGE", "UPDATED (UTC)", "BY")
    rows = [(*_named(one), one.type, str(one.version), one.stage, *_latest(one)) for one in found]
    return [drawing.table(*head, rows=rows)]


def names(found: Sequence[FoundName]) -> Drawn:
    rows = [
        (
            one.kind,
            shown(one.path),
            shown(one.environment),
            one.type or drawing.ABSENT,
            str(one.version),
            drawing.minute(one.updated_at),
            drawing.tags(one.tags) or drawing.ABSENT,
        )
        for one in found
    ]
    return [drawing.table("KIND", "PATH", "ENVIRONMENT", "TYPE", "VERSION", "UPDATED (UTC)", "TAGS", rows=rows)]


def secret_versions(found: Sequence[SecretMetadata]) -> Drawn:
    rows = [(str(one.version), one.stage, *_latest(one), _reason(one)) for one in found]
    return [drawing.table("VERSION", "STAGE", "AT (UTC)", "BY", "REASON", rows=rows)]


def api_keys(found: Sequence[ApiKeyView]) -> Drawn:
    rows = [
        (one.id, shown(one.name), shown(", ".join(one.roles)), drawing.minute(one.expires_at or "never"))
        for one in found
    ]
    return [drawing.table("ID", "NAME", "ROLES", "EXPIRES (UTC)", rows=rows)]


def audit_entries(found: Sequence[AuditEntry], actors: Mapping[str, str]) -> Drawn:
    rows = [
        (
            drawing.minute(one.timestamp),
            shown(one.event_type),
            shown(one.result.status),
            shown(actors.get(one.actor.id) or drawing.alias(one.actor.id)),
            shown(one.resource.id or one.resource.type),
            shown(one.resource.environment or drawing.ABSENT),
            one.id,
        )
        for one in found
    ]
    return [drawing.table("AT (UTC)", "EVENT", "RESULT", "BY", "ABOUT", "ENVIRONMENT", "ENTRY", rows=rows)]


def compliance(report: ComplianceReport) -> Drawn:
    rows = [(one.control, shown(one.title), one.status.replace("_", " "), _seen(one)) for one in report.findings]
    told = report.summary
    counts = f"{told.passed} pass, {told.fail} fail, {told.not_assessed} not assessed by software"
    title = Text.assemble((shown(report.title), "bold"), f", {report.begin[:10]} to {report.end[:10]}: {counts}")
    return [title, drawing.table("CONTROL", "ABOUT", "STATUS", "SEEN, AND WHAT TO DO", rows=rows)]


def _seen(one: FindingView) -> str:
    return shown(f"{one.reason}: {one.action}" if one.action else one.reason)


def namespaces(found: Sequence[NamespaceView]) -> Drawn:
    rows = [
        (
            shown(one.namespace),
            shown(one.owner_team or drawing.ABSENT),
            str(one.configs_revision),
            str(one.secrets_revision),
            shown(one.description or drawing.ABSENT),
        )
        for one in found
    ]
    return [drawing.table("NAMESPACE", "TEAM", "CONFIGS", "SECRETS", "DESCRIPTION", rows=rows)]


def namespace(name: str, found: ResolvedNamespace) -> Drawn:
    title = Text.assemble((shown(name), "bold"), f" in {shown(found.environment)}, revision {found.revision}")
    if not found.items:
        return [title, Text(), Text("no configs in this namespace", style="dim")]
    rows = [(shown(one.key), str(one.version), drawing.short(one.value)) for one in found.items]
    return [title, Text(), drawing.table("KEY", "VERSION", "VALUE", rows=rows)]


def changes(found: Sequence[ChangeView]) -> Drawn:
    return [change(one) for one in found]


def change(one: ChangeView) -> Text:
    """A line for itself: the next one may be a day away, so there are no columns to fit."""
    path = shown(f"{one.namespace}/{one.key}")
    told = Text.assemble((drawing.minute(one.at), "dim"), f"  {one.change_type:<8}  ", (path, "bold"))
    return told.append(f" in {shown(one.environment)}, version {one.version}")


def fleet(found: FleetPage) -> Drawn:
    style = "green" if found.converged else "yellow"
    told = f"{found.current} of {found.total} current, {found.behind} behind, {found.stale} stale"
    if not found.items:
        return [Text("nobody reports what it holds", style="dim")]
    rows = [
        (
            shown(one.service),
            shown(one.instance),
            shown(one.namespace),
            shown(one.environment),
            f"{one.revision} of {one.current_revision}",
            shown(one.standing),
            f"{one.age_seconds} s ago",
        )
        for one in found.items
    ]
    table = drawing.table(
        "SERVICE", "INSTANCE", "NAMESPACE", "ENVIRONMENT", "REVISION", "STANDING", "REPORTED", rows=rows
    )
    return [Text(told, style=style), Text(), table]


def validation(found: ConfigValidation) -> Drawn:
    verdict = Text("valid", style="green") if found.valid else Text("not valid", style="bold red")
    warned = [_violation(one).append(" (a warning)", style="dim") for one in found.warnings]
    return [verdict, *map(_violation, found.violations), *warned]


def _violation(one: ViolationView) -> Text:
    return Text(f"  {shown(one.path) or '(the whole value)'}: {shown(one.message)} [{shown(one.rule)}]")


def _named(one: VersionView) -> tuple[str, str]:
    return shown(f"{one.namespace}/{one.key}"), shown(one.environment)


def _latest(one: VersionView) -> tuple[str, str]:
    return drawing.minute(one.updated_at), shown(one.updated_by)


def _reason(one: VersionView) -> str:
    return shown(one.reason or drawing.ABSENT)


def _change(one: ConfigMetadataView) -> str:
    brought_back = "" if one.from_version is None else f" to {one.from_version}"
    return f"{shown(one.change_type)}{brought_back}"
