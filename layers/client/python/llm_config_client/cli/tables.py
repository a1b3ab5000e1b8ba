"""The tables that people see: what it is, what is known about it, and its value last, next to the prompt."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.cells import cell_len
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from llm_config_client.audit import Promise, Verdict
from llm_config_client.cli import drawing
from llm_config_client.cli.screen import escaped, shown, terminal_width, value
from llm_config_client.transfers.imports import Imported
from llm_config_client.transfers.plan import Change
from llm_config_contract.access import ApiKeyView, CreatedApiKey, ServiceToken, Whoami
from llm_config_contract.audit import SubjectErasure
from llm_config_contract.caches import CachesPurged
from llm_config_contract.configs import ConfigEntry, ConfigMetadataView
from llm_config_contract.namespaces import NamespaceView
from llm_config_contract.resolved import LeafOrigin, ResolvedConfig
from llm_config_contract.secrets import GetSecretResponse, SecretMetadata
from llm_config_contract.tenants import TenantView
from llm_config_domain.audit.receipts import Standing
from llm_config_domain.json_text import Json

OUTCOMES = ("create", "update", "unchanged")
WORDS = {False: ("created", "updated", "unchanged"), True: ("to create", "to update", "unchanged")}
MASK = "********"


def config(entry: ConfigEntry) -> Sequence[RenderableType]:
    return [*stored(entry), Text(), value(entry.value)]


def stored(entry: ConfigEntry) -> Sequence[RenderableType]:
    """An entry without its value."""
    return [
        drawing.title(f"{entry.namespace}/{entry.key}", entry.environment, entry.version),
        drawing.facts(drawing.history_facts(entry)),
    ]


def deleted(what: str, path: str, environment: str) -> Sequence[RenderableType]:
    told = Text.assemble((shown(path), "bold"), f" in {shown(environment)} is deleted")
    return [told.append(f"; 'llm-config {what} restore' brings it back", style="dim")]


def masked(found: GetSecretResponse) -> dict[str, Any]:
    """Of a secret's document, what others must not see: a connection URL holds the password."""
    hidden = {"connection_url": MASK} if "connection_url" in found.computed else {}
    return {"value": MASK, "computed": {**found.computed, **hidden}}


def _expiry(found: SecretMetadata | GetSecretResponse) -> dict[str, str]:
    return {"expires": drawing.minute(found.expires_at)} if found.expires_at else {}


def metadata(secret: SecretMetadata) -> Sequence[RenderableType]:
    facts = {
        "type": secret.type,
        "stage": secret.stage,
        "version id": secret.version_id,
        **_expiry(secret),
        **drawing.history_facts(secret),
    }
    return [drawing.title(f"{secret.namespace}/{secret.key}", secret.environment, secret.version), drawing.facts(facts)]


def secret(found: GetSecretResponse, *, reveal: bool) -> Sequence[RenderableType]:
    facts = {"type": found.type, "stage": found.stage, "version id": found.version_id, **_expiry(found)}
    hidden = Text.assemble((MASK, "bold"), ("  --reveal shows it", "dim"))
    told = Text(escaped(found.value)) if isinstance(found.value, str) else value(found.value)
    title = drawing.title(f"{found.namespace}/{found.key}", found.environment, found.version)
    return [title, drawing.facts(facts), Text(), told if reveal else hidden]


def resolved(path: str, found: ResolvedConfig) -> Sequence[RenderableType]:
    layers = drawing.table(
        "LAYER", "VERSION", rows=[(drawing.layer(layer), str(layer.version)) for layer in found.layers]
    )
    return [_resolved_title(path, found), Text(), layers, Text(), value(found.value)]


def explained(path: str, found: ResolvedConfig) -> Sequence[RenderableType]:
    origins = found.explain or {}
    if not origins:
        return [_resolved_title(path, found), Text(), Text("the value has no leaves", style="dim")]
    rows = [_leaf(pointer, origin, found.value) for pointer, origin in origins.items()]
    head = ("POINTER", "VALUE", "LAYER", "VERSION", "AUTHOR", "AT", "REASON", "SHADOWS")
    fits = (
        sum(max(map(cell_len, column)) + drawing.GAP for column in zip(head, *rows, strict=True)) - drawing.GAP
        <= terminal_width()
    )
    body = [drawing.table(*head, rows=rows)] if fits else list(_stacked(rows))
    return [_resolved_title(path, found), Text(), *body]


def tenant(found: TenantView) -> Sequence[RenderableType]:
    facts = {"id": found.id, "tier": found.tier, "status": found.status}
    return [
        Text(shown(found.name), style="bold"),
        drawing.facts(facts | {"created": drawing.by(found.created_at, found.created_by)}),
    ]


def whoami(found: Whoami) -> Sequence[RenderableType]:
    facts = {"tenant": f"{found.tenant} ({found.tenant_id})", "kind": found.actor_type}
    roles = ", ".join(found.roles) or "none"
    return [
        Text(shown(found.subject), style="bold"),
        drawing.facts(facts | {"roles": roles, "credential": found.credential}),
    ]


def api_key(found: ApiKeyView) -> Sequence[RenderableType]:
    facts = {
        "id": found.id,
        "roles": ", ".join(found.roles),
        "namespaces": ", ".join(found.namespaces or ()) or drawing.ABSENT,
        "good from": ", ".join(found.cidr or ()) or "everywhere",
        "expires": found.expires_at or "never",
        "created": drawing.by(found.created_at, found.created_by),
    }
    return [Text(shown(found.name), style="bold"), drawing.facts(facts)]


def created_api_key(found: CreatedApiKey) -> Sequence[RenderableType]:
    return [*api_key(found), Text(), Text(shown(found.key or drawing.ABSENT)), _once("key")]


def service_token(found: ServiceToken) -> Sequence[RenderableType]:
    return [drawing.facts({"expires": found.expires_at}), Text(), Text(shown(found.token)), _once("token")]


def _once(what: str) -> Text:
    return Text(f"this {what} is not shown again", style="dim")


def _bound(seconds: int | None) -> dict[str, str]:
    if seconds is None:
        return {}
    return {"believed for": f"{seconds} s" if seconds else "asked about each time"}


def about_namespace(found: NamespaceView) -> Sequence[RenderableType]:
    said = {
        "description": found.description or drawing.ABSENT,
        "team": found.owner_team or drawing.ABSENT,
        "contacts": ", ".join(found.contacts) or drawing.ABSENT,
        "tags": drawing.tags(found.tags) or drawing.ABSENT,
        **_bound(found.staleness_bound_seconds),
        "configs": f"revision {found.configs_revision}",
        "secrets": f"revision {found.secrets_revision}",
    }
    if found.updated_at and found.updated_by:
        said["updated"] = drawing.by(found.updated_at, found.updated_by)
    return [Text(shown(found.namespace), style="bold"), drawing.facts(said)]


def ended(what: str) -> Sequence[RenderableType]:
    return [Text.assemble((shown(what), "bold"), " is no more")]


def forgotten(done: SubjectErasure) -> Sequence[RenderableType]:
    return [Text(f"{shown(done.pseudonym)} is nobody's name any more")]


def purged(done: CachesPurged) -> Sequence[RenderableType]:
    return [Text.assemble("the caches begin anew: generation ", (str(done.generation), "bold"), f", {done.purged_at}")]


def imported(done: Sequence[Imported], *, dry_run: bool) -> Sequence[RenderableType]:
    """A row a namespace; of a dry run, a line a change."""
    changes = sorted((each.change for each in done), key=lambda change: change.entry.name)
    counts = [sum(change.outcome == outcome for change in changes) for outcome in OUTCOMES]
    told = Text(", ".join(f"{count} {word}" for count, word in zip(counts, WORDS[dry_run], strict=True)))
    if not dry_run:
        return [_import_table(changes), Text(), told]
    lines = [_planned(change) for change in changes if change.operation]
    return [*lines, *([Text()] if lines else []), told.append("; nothing was changed")]


def imported_secrets(document: Mapping[str, Any]) -> Sequence[RenderableType]:
    rows = [(shown(one["path"]), one["type"], shown(one["from"])) for one in document["secrets"]]
    done, skipped = ("to create" if document["dry_run"] else "created"), len(document["skipped"])
    told = Text(f"{document['created']} {done} in {document['environment']}, {skipped} left as they are")
    return [drawing.table("PATH", "TYPE", "FROM", rows=rows), Text(), told]


def _import_table(changes: Sequence[Change]) -> Table:
    by_namespace: Counter[tuple[str, str]] = Counter((each.entry.namespace, each.outcome) for each in changes)
    names = sorted({change.entry.namespace for change in changes})
    rows = [(shown(name), *(str(by_namespace[name, outcome]) for outcome in OUTCOMES)) for name in names]
    return drawing.table("NAMESPACE", "CREATED", "UPDATED", "UNCHANGED", rows=rows)


def _planned(change: Change) -> Text:
    entry = change.entry
    return Text(f"{change.outcome}  {shown(entry.path)} in {entry.environment}  ({shown(entry.place)})")


def exported(directory: str, listed: Sequence[ConfigMetadataView]) -> Sequence[RenderableType]:
    names = Counter(each.namespace for each in listed)
    rows = [(shown(name), str(count)) for name, count in sorted(names.items())]
    told = Text(f"{len(listed)} {'entry' if len(listed) == 1 else 'entries'} written to {shown(directory)}")
    return [drawing.table("NAMESPACE", "ENTRIES", rows=rows), Text(), told]


def verdicts(found: Sequence[Verdict]) -> Sequence[RenderableType]:
    return [_verdict(one) for one in found]


def _verdict(one: Verdict) -> Text:
    name = Text(shown(one.bundle), style="bold")
    if one.proven is None:
        return name.append(": ").append("not valid", style="bold red").append(f": {shown(one.reason or '')}", style="")
    size, count = one.proven.checkpoint.size, len(one.proven.leaves)
    return name.append(": ").append("valid", style="green").append(f": {count} of {size} entries", style="")


def promises(found: Sequence[Promise]) -> Sequence[RenderableType]:
    colours = {Standing.KEPT: "green", Standing.BROKEN: "bold red", Standing.OPEN: "bold"}
    return [
        Text.assemble(
            (shown(one.receipt), "bold"),
            ": ",
            (one.standing.value, colours[one.standing]),
            f": {shown(one.reason)}" if one.reason else "",
        )
        for one in found
    ]


def checks(rows: Sequence[tuple[bool, str, str, str]]) -> Sequence[RenderableType]:
    """(is well, what, how it is, what to do)."""
    grid = Table.grid(padding=(0, drawing.GAP))
    grid.add_column(no_wrap=True)
    grid.add_column(no_wrap=True, style="bold")
    grid.add_column(overflow="fold")
    for well, what, how, advice in rows:
        told = shown(how) if well or not advice else f"{shown(how)}; {advice}"
        grid.add_row(Text("ok", style="green") if well else Text("wrong", style="bold red"), what, told)
    return [grid]


def _resolved_title(path: str, found: ResolvedConfig) -> Text:
    title = drawing.title(path, found.environment, found.version).append(f", revision {found.revision}")
    return title.append(f", STALE: {found.age_seconds} s old", style="bold red") if found.stale else title


def _leaf(pointer: str, origin: LeafOrigin, whole: Json) -> tuple[str, ...]:
    shadows = ", ".join(f"{drawing.layer(layer)} v{layer.version}" for layer in origin.shadows) or drawing.ABSENT
    return (
        shown(pointer) or "(all)",
        drawing.short(drawing.member(whole, pointer)),
        drawing.layer(origin),
        str(origin.version),
        shown(origin.author),
        origin.at,
        shown(origin.reason or drawing.ABSENT),
        shadows,
    )


def _stacked(rows: Sequence[Sequence[str]]) -> Iterator[Text]:
    """For a terminal that is too narrow for the table: two lines a leaf."""
    for pointer, text, layer, version, author, at, reason, shadows in rows:
        hides = "" if shadows == drawing.ABSENT else f", hides {shadows}"
        yield Text.assemble((pointer, "bold"), f"  {text}")
        yield Text(f"  {layer} v{version}, {at} by {author}: {reason}{hides}", style="dim")
