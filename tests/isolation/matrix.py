"""The matrix: every operation, every caller, every target, each way to write that target; and how a request says it."""

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from llm_config.operations.catalog import OPERATIONS
from llm_config_domain.names import TenantId
from tests.isolation.oracle import (
    API_KEY,
    AUDIT_ENTRY,
    CALLERS,
    ENVIRONMENTS,
    NAME,
    NAMESPACE,
    NAMESPACES,
    NEW_TENANT,
    NOTHING,
    REPORTED,
    ROTATION,
    ROWS,
    SOMEWHERE,
    SUBSCRIPTION,
    TENANT,
    Asked,
    Row,
    Who,
)
from tests.support.exemplars import Exemplar, exemplar

ACME, CORP, GLOBEX = (TenantId(f"01HZZZZZZZZZZZZZZZZZZZZZZ{last}") for last in "ABC")
"""Ids that differ in their last character only: nothing that compares a part of them can tell them apart."""
KEYS = {name: f"01J0ZZZZZZZZZZZZZZZZZZZZZ{last}" for name, last in (("acme", "A"), ("acme-corp", "B"), ("globex", "C"))}
"""The id of the API key that each tenant holds."""
ROTATIONS = {name: key.replace("J0Z", "J1Z") for name, key in KEYS.items()}
"""The id of the rotation that each tenant has begun."""
SUBSCRIPTIONS = {name: key.replace("J0Z", "J2Z") for name, key in KEYS.items()}
"""The subscription of each tenant."""
ENTRIES = {name: key.replace("J0Z", "J0Y") for name, key in KEYS.items()}
"""The id of an entry that stands in each tenant's record."""
_IDS_OF = {API_KEY: KEYS, SUBSCRIPTION: SUBSCRIPTIONS, ROTATION: ROTATIONS, AUDIT_ENTRY: ENTRIES}
STRANGER = "01HZZZZZZZZZZZZZZZZZZZZZZD"
IDS = {"acme": ACME, "acme-corp": CORP, "globex": GLOBEX}

_MIXED = {
    "tenant": "globex",
    "tenant_id": GLOBEX,
    "namespace": "llm-gateway/routing",
    "key": "foreign",
    "path": "llm-gateway/foreign",
}
_OF_ONE = ("resolve_namespace", "report_fleet")
"""Of the operations about namespaces those that take no glob."""
_HEADERS = ("x-tenant-id", "x-tenant", "x-llm-config-tenant", "x-forwarded-tenant", "x-original-url", "cookie")


@dataclass(frozen=True)
class Target:
    """`where`: what stands in the place of the name. `holders`: the tenants that hold it, by name."""

    kind: str
    said: str
    where: str
    holders: frozenset[str] = frozenset()
    namespace: str = ""
    well_formed: bool = True
    query: str = ""
    body: tuple[tuple[str, Any], ...] = ()
    header: str = ""


@dataclass(frozen=True)
class Case:
    operation: str
    who: Who
    target: Target
    environment: str

    @property
    def row(self) -> Row:
        return ROWS[self.operation]

    def __str__(self) -> str:
        where = f" in {self.environment}" if self.environment else ""
        return f"isolation: {self.operation} as {self.who.said}, {self.target.kind}: {self.target.said}{where}"

    @property
    def asked(self) -> Asked:
        target, row = self.target, self.row
        if row.about in (TENANT, NEW_TENANT):
            return Asked("acme" in target.holders, bool(target.holders), target.well_formed)
        held = row.about in (NOTHING, SOMEWHERE, REPORTED) or ("acme" in target.holders and not self.who.platform)
        return Asked(held, held, target.well_formed, self.environment, target.namespace)

    @property
    def request(self) -> Exemplar:
        aimed_at = aimed(exemplar(self.operation), self.target.where, self.environment)
        url = aimed_at.url
        if self.target.query:
            url += ("&" if "?" in url else "?") + self.target.query
        body = {**(aimed_at.body or {}), **dict(self.target.body)} if self.target.body else aimed_at.body
        headers = {name: value for name, value in aimed_at.headers.items() if name not in ("host", "accept")}
        if self.target.header:
            headers[self.target.header] = f"tenant={GLOBEX}" if self.target.header == "cookie" else GLOBEX
        return replace(aimed_at, url=url, body=body, headers=headers)


def aimed(sample: Exemplar, where: str, environment: str) -> Exemplar:
    """`sample` about something else: the name, the tenant or the new tenant's name is `where`."""
    row = ROWS[sample.operation]
    if row.about == NEW_TENANT:
        return replace(sample, body={**sample.body, "name": where})
    if row.about in (NOTHING, SOMEWHERE, REPORTED):
        return sample
    if "items" in (sample.body or {}):
        return replace(sample, body=_report(sample.body, where, environment))
    where_in_query = ("environment=", "namespace=") if row.about == NAMESPACES else ("environment=",)
    query = [pair for pair in sample.url.partition("?")[2].split("&") if pair and not pair.startswith(where_in_query)]
    if row.about == NAMESPACES:
        named = [f"namespace={where}", f"environment={environment}", *query]
        return replace(sample, url=f"{sample.url.partition('?')[0]}?{'&'.join(named)}")
    if "operations" in (sample.body or {}):
        return replace(sample, body=_batch(sample.body, where, environment))
    if "to" in (sample.body or {}):
        sample = replace(sample, body={**sample.body, "to": {**sample.body["to"], "environment": environment}})
    asked = "&".join([f"environment={environment}", *query] if environment else query)
    return replace(sample, url=_template(sample.operation) + where + (f"?{asked}" if asked else ""))


def _batch(body: dict[str, Any], where: str, environment: str) -> dict[str, Any]:
    """The same batch in another environment; its last operation is about `where`."""
    operations = [{**one, "environment": environment} for one in body["operations"]]
    return {**body, "operations": [*operations[:-1], {**operations[-1], "path": where}]}


def _report(body: dict[str, Any], where: str, environment: str) -> dict[str, Any]:
    """The same report of another namespace and environment."""
    return {**body, "items": [{**one, "namespace": where, "environment": environment} for one in body["items"]]}


def own_path(operation: str) -> str:
    """The name in the exemplary request."""
    body = exemplar(operation).body
    if isinstance(body, dict) and "operations" in body:
        path: str = body["operations"][-1]["path"]
        return path
    return exemplar(operation).url.partition("?")[0].removeprefix(_template(operation))


def _template(operation: str) -> str:
    return next(row.path for row in OPERATIONS if row.name == operation).partition("{")[0]


def held_names(path: str) -> dict[str, frozenset[str]]:
    """The names that the tenants of the full world hold, around the exemplary one."""
    namespace, _, key = path.rpartition("/")
    return {
        path: frozenset({"acme", "acme-corp", "globex"}),
        f"{namespace}/foreign-{key}": frozenset({"acme-corp", "globex"}),
        f"{namespace}/twin-{key}": frozenset({"acme-corp"}),
        f"foreign-{namespace}/{key}": frozenset({"acme-corp", "globex"}),
    }


def _named(path: str) -> Iterator[Target]:
    namespace, _, key = path.rpartition("/")
    held = held_names(path)

    def at(kind: str, said: str, where: str) -> Target:
        return Target(kind, said, where, held.get(where, frozenset()), where.rpartition("/")[0])

    yield at("own", "as it is", path)
    yield at("foreign", "two others hold it", f"{namespace}/foreign-{key}")
    yield at("absent", "nobody holds it", f"{namespace}/absent-{key}")
    yield at("prefix twin", "acme-corp holds it", f"{namespace}/twin-{key}")
    yield at("prefix twin", "a longer key", f"{path}-corp")
    yield at("prefix twin", "a shorter key", path[:-1])
    yield at("prefix twin", "a longer namespace", f"{namespace}-corp/{key}")
    yield at("prefix twin", "a shorter namespace", f"{namespace[:-1]}/{key}")
    yield at("prefix twin", "a namespace below", f"{namespace}/x/{key}")
    for said, encoded in _encoded(path):
        yield replace(at("own", "", path), kind="encoded twin", said=said, where=encoded, well_formed=False)


def _encoded(path: str) -> Iterator[tuple[str, str]]:
    yield "a letter", f"{path[:-1]}%{ord(path[-1]):02x}"
    yield "a slash", f"globex%2F{path}"
    yield "dots", f"%2e%2e/globex/{path}"
    yield "twice", f"{path[:-1]}%25{ord(path[-1]):02x}"


def _tenants(about: str) -> Iterator[Target]:
    for kind, name in (("own", "acme"), ("foreign", "globex"), ("absent", "nobody"), ("prefix twin", "acme-corp")):
        holders = frozenset({name}) & IDS.keys()
        yield Target(kind, "by name", name, holders)
        if about == TENANT:
            yield Target(kind, "by id", IDS.get(name, STRANGER), holders)
    yield Target("prefix twin", "a shorter name", "acm")
    if about == TENANT:
        for said, encoded in _encoded("acme"):
            yield Target("encoded twin", said, encoded.replace("/", "%2f"), well_formed=False)


def _namespaces() -> Iterator[Target]:
    """Of listings: what others hold shows in none of them."""
    for kind, said, where in (
        ("own", "as it is", "llm-gateway/routing"),
        ("own", "all of them", "*"),
        ("own", "those below", "llm-gateway/*"),
        ("foreign", "two others hold it", "foreign-llm-gateway/routing"),
        ("absent", "nobody holds it", "absent"),
        ("prefix twin", "a longer namespace", "llm-gateway/routing-corp"),
        ("prefix twin", "a shorter namespace", "llm-gateway/routin"),
    ):
        yield Target(kind, said, where, frozenset({"acme"}) if kind == "own" else frozenset(), where)
    yield Target("encoded twin", "a letter", "llm-gateway/routin%67", well_formed=False)


def _by_id(ids: dict[str, str]) -> Iterator[Target]:
    for kind, name in (("own", "acme"), ("foreign", "globex"), ("prefix twin", "acme-corp")):
        yield Target(kind, "by id", ids[name], frozenset({name}))
    yield Target("absent", "by id", STRANGER)
    for said, encoded in _encoded(ids["acme"]):
        yield Target("encoded twin", said, encoded.replace("/", "%2f"), well_formed=False)
    yield Target("encoded twin", "a shorter id", ids["acme"][:-1], well_formed=False)


def said_namespaces(namespace: str) -> dict[str, frozenset[str]]:
    """The namespaces that the tenants of the full world say something about, around the exemplary one."""
    return {
        namespace: frozenset({"acme", "acme-corp", "globex"}),
        f"foreign-{namespace}": frozenset({"acme-corp", "globex"}),
        f"twin-{namespace}": frozenset({"acme-corp"}),
    }


def _one_namespace(namespace: str) -> Iterator[Target]:
    said_of = said_namespaces(namespace)
    for kind, said, where in (
        ("own", "as it is", namespace),
        ("foreign", "two others say something", f"foreign-{namespace}"),
        ("absent", "nobody says anything", f"absent-{namespace}"),
        ("prefix twin", "acme-corp says something", f"twin-{namespace}"),
        ("prefix twin", "a longer name", f"{namespace}-corp"),
        ("prefix twin", "a shorter name", namespace[:-1]),
        ("prefix twin", "one below", f"{namespace}/x"),
        ("prefix twin", "the one above", namespace.partition("/")[0]),
    ):
        yield Target(kind, said, where, said_of.get(where, frozenset()), where)
    for said, encoded in _encoded(namespace):
        yield Target("encoded twin", said, encoded, well_formed=False)


def _pure_targets(operation: str, about: str) -> Iterator[Target]:
    if about == NAME:
        yield from _named(own_path(operation))
    elif about == NAMESPACES:
        yield from (target for target in _namespaces() if operation not in _OF_ONE or "*" not in target.where)
    elif about in _IDS_OF:
        yield from _by_id(_IDS_OF[about])
    elif about == NAMESPACE:
        yield from _one_namespace(own_path(operation))
    elif about in (NOTHING, SOMEWHERE, REPORTED):
        yield Target("own", "as it is", "")
    else:
        yield from _tenants(about)


def targets(operation: str) -> Iterator[Target]:
    row = ROWS[operation]
    pure = list(_pure_targets(operation, row.about))
    yield from pure
    own = pure[0]
    for name, value in _MIXED.items():
        if name not in row.takes:
            yield replace(own, kind="mixed query", said=name, well_formed=False, query=f"{name}={value}")
            if not isinstance(exemplar(operation).body, list):
                yield replace(own, kind="mixed body", said=name, well_formed=False, body=((name, value),))
    for header in _HEADERS:
        yield replace(own, kind="mixed header", said=header, header=header)


def cells() -> Iterator[list[Case]]:
    """The cases of an operation and a caller that are of one kind; of a global-admin, whom nothing else holds back,
    those of one way to write the target."""
    for operation in (row.name for row in OPERATIONS if row.name in ROWS):
        environments = ENVIRONMENTS if ROWS[operation].about in (NAME, NAMESPACES) else ("",)
        for who in CALLERS:
            cell: dict[str, list[Case]] = {}
            for target in targets(operation):
                kind = f"{target.kind}: {target.said}" if who.said == "global-admin" else target.kind
                # What is refused for its shape, or says its owner in a header, is so whatever the environment is.
                where = environments if target.well_formed and not target.header else environments[:1]
                cell.setdefault(kind, []).extend(Case(operation, who, target, environment) for environment in where)
            yield from cell.values()


def matrix() -> list[Any]:
    """The whole matrix, a parameter for each operation and caller; of each cell, all cases but one by the seed's choice
    are deep."""
    chance = random.Random(os.environ["LLM_CONFIG_TEST_SEED"])
    kept: dict[str, list[Case]] = {}
    others: dict[str, list[Case]] = {}
    for cell in cells():
        chosen, of = chance.choice(cell), f"isolation: {cell[0].operation} as {cell[0].who.said}"
        kept.setdefault(of, []).append(chosen)
        others.setdefault(of, []).extend(case for case in cell if case is not chosen)
    return parameters(kept) + parameters(others, ", the rest", pytest.mark.deep)


def parameters(groups: dict[str, list[Case]], said: str = "", *marks: pytest.MarkDecorator) -> list[Any]:
    return [pytest.param(cases, id=of + said, marks=marks) for of, cases in groups.items() if cases]
