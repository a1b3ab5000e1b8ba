"""Who may do what: six roles, one decision. Deny wins; what nothing allows is denied.

A pure function of the caller and the resource, so that every decision can be explained and repeated. Reading a
secret's value is `secrets:read`, and the viewer, like the view roles of other platforms, has not got it: it sees
that secrets exist (`secrets:list`), never what they say.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from llm_config_domain.callers import SYSTEM, Caller, allowed_namespaces
from llm_config_domain.names import glob_prefix

VALUES = ("configs", "secrets")
"""The kinds of what stands in namespaces."""


class Effect(StrEnum):
    ALLOW = "allow"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Resource:
    """What is asked for: `type` is configs, secrets, tenants, namespaces, caches, audit or access; `id` is `namespace/key`, a
    namespace or a tenant's id."""

    type: str
    id: str = ""
    environment: str | None = None


@dataclass(frozen=True, slots=True)
class Permission:
    """One rule of a role. `resource` is `*` or `<type>:<glob>`; no environments named means all of them."""

    effect: Effect
    actions: frozenset[str]
    resource: str
    environments: frozenset[str] = frozenset()

    def covers(self, action: str, resource: Resource) -> bool:
        return (
            ("*" in self.actions or action in self.actions)
            and matches_resource(self.resource, resource)
            and (not self.environments or resource.environment in self.environments)
        )

    def allows(self, action: str) -> bool:
        return self.effect is Effect.ALLOW and not {"*", action}.isdisjoint(self.actions)


@dataclass(frozen=True, slots=True)
class Decision:
    allowed: bool
    reason: str
    matched_rules: tuple[str, ...] = ()


def matches_glob(glob: str, path: str) -> bool:
    """`*` is everything, `team/*` is everything under `team` but not `team` itself, anything else is itself."""
    if glob == "*":
        return True
    if glob.endswith("/*"):
        return path.startswith(glob[:-1])
    return path == glob


def matches_resource(pattern: str, resource: Resource) -> bool:
    if pattern == "*":
        return True
    kind, _, glob = pattern.partition(":")
    return kind == resource.type and matches_glob(glob, resource.id)


def _rule(effect: Effect, actions: str, *resources: str, environments: Iterable[str] = ()) -> list[Permission]:
    words = frozenset(actions.split())
    return [Permission(effect, words, resource, frozenset(environments)) for resource in resources]


_MAY_READ = frozenset({"read", "list"})
_VALUES = ("configs:*", "secrets:*")
_PURGE = _rule(Effect.ALLOW, "write", "caches:*")
_OWN_IDENTITY = _rule(Effect.ALLOW, "read", "access:whoami")

ROLES: dict[str, tuple[Permission, ...]] = {
    "global-admin": tuple(_rule(Effect.ALLOW, "*", "*")),
    "tenant-admin": tuple(
        _rule(Effect.ALLOW, "*", *_VALUES, "access:*")
        + _rule(Effect.ALLOW, "read", "tenants:*")
        + _rule(Effect.ALLOW, "read list delete", "audit:*")
        + _PURGE
    ),
    "operator": tuple(_rule(Effect.ALLOW, "read write list rotate", *_VALUES) + _PURGE + _OWN_IDENTITY),
    "developer": tuple(
        _rule(Effect.ALLOW, "read write list", *_VALUES, environments=["development"])
        + _rule(Effect.ALLOW, "read list", *_VALUES, environments=["staging"])
        + _rule(Effect.DENY, "read write delete rotate", *_VALUES, environments=["production"])
        + _OWN_IDENTITY
    ),
    "viewer": tuple(
        _rule(Effect.ALLOW, "read list", "configs:*") + _rule(Effect.ALLOW, "list", "secrets:*") + _OWN_IDENTITY
    ),
    "service-account": tuple(_OWN_IDENTITY),
}
"""The roles that every tenant has. A service account's reach comes from its `namespaces` (see `permissions_of`)."""

GIVE = "give"
"""The verb of putting a role into a credential: the resource is `access:roles/<role>`. No rule of a role speaks of it."""
GIVES = {"global-admin": frozenset(ROLES), "tenant-admin": frozenset(ROLES) - {"global-admin"}}
"""The roles that the holders of a role may give, beside those that they hold."""


def _rules_of(caller: Caller) -> Iterator[tuple[str, Permission]]:
    """(role, permission) for each rule of the caller's roles; an unknown role has none."""
    for role in sorted(caller.roles):
        for permission in ROLES.get(role, ()):
            yield role, permission


def permissions_of(caller: Caller, resource: Resource) -> Iterator[tuple[str, Permission]]:
    """(role, permission) for each rule of the caller that could speak about `resource`; an unknown role has none."""
    yield from _rules_of(caller)
    if "service-account" in caller.roles and resource.type in VALUES:
        namespace = resource.id.rpartition("/")[0]
        for glob in allowed_namespaces(caller.attributes):
            if matches_glob(glob, namespace) or matches_glob(glob, resource.id):
                reach = f"{resource.type}:{resource.id}"
                yield "service-account", Permission(Effect.ALLOW, _MAY_READ, reach)


def decide(caller: Caller, action: str, resource: Resource) -> Decision:
    """`action` is a bare verb: read, write, delete, list, rotate, approve, admin, reveal; or `GIVE`."""
    if caller.actor_type == SYSTEM:
        return Decision(True, "the product's own work")
    if resource.type == "tenants" and not _may_touch_tenants(caller, action):
        return Decision(False, "tenants are administered by the platform's global-admin")
    if action == GIVE:
        return _decide_gift(caller, resource.id.removeprefix("roles/"))
    if resource.type == "namespaces":
        return _decide_namespace(caller, action, resource.id)
    matched = [(role, rule) for role, rule in permissions_of(caller, resource) if rule.covers(action, resource)]
    denied = _told((role, rule) for role, rule in matched if rule.effect is Effect.DENY)
    if denied:
        return Decision(False, "a rule of your roles denies this", denied)
    if matched:
        return Decision(True, "a rule of your roles allows this", _told(matched))
    return Decision(False, "no rule of your roles allows this")


def _decide_gift(caller: Caller, role: str) -> Decision:
    """Nobody gives more than they have, and what was made for a machine gives nothing."""
    if caller.is_lent:
        return Decision(False, "a credential of a machine gives out no others: use one of a person")
    if role in caller.roles or any(role in GIVES.get(held, ()) for held in caller.roles):
        return Decision(True, "your roles may give this role")
    return Decision(False, "your roles may not give this role")


def _decide_namespace(caller: Caller, action: str, namespace: str) -> Decision:
    """A namespace has no rules of its own. Who may read or list something in it, may do so with what is said about it;
    what changes that, it must be allowed with its configs in every environment."""
    if action not in _MAY_READ:
        return decide(caller, action, Resource("configs", f"{namespace}/*"))
    matched = [
        (role, rule)
        for role, rule in _rules_of(caller)
        if rule.allows(action) and any(_reaches_into(rule.resource, kind, namespace) for kind in VALUES)
    ]
    reach = allowed_namespaces(caller.attributes) if "service-account" in caller.roles else ()
    matched += [("service-account", _reach_of(glob)) for glob in reach if _holds(glob, namespace)]
    if matched:
        return Decision(True, "a rule of your roles allows some of this", _told(matched))
    return Decision(False, "no rule of your roles allows any of this")


def _reach_of(glob: str) -> Permission:
    return Permission(Effect.ALLOW, _MAY_READ, f"namespaces:{glob}")


def _holds(glob: str, namespace: str) -> bool:
    """Is a namespace, or any of its keys, among what the reach of a service account means?"""
    prefix = glob_prefix(glob)
    return glob == namespace if prefix is None else f"{namespace}/".startswith(prefix)


def decide_some(caller: Caller, action: str, kind: str, glob: str, environment: str | None) -> Decision:
    """Is there anything in the namespaces that `glob` means that the caller may `action`? What a listing then shows is
    decided one by one; this alone shows nothing."""
    if kind == "namespaces":
        decisions = [decide_some(caller, action, held, glob, environment) for held in VALUES]
        return next((decision for decision in decisions if decision.allowed), decisions[0])
    reach = _namespaces_reach(glob)
    matched = [
        (role, rule)
        for role, rule in _all_permissions(caller, kind)
        if rule.allows(action)
        and (environment is None or not rule.environments or environment in rule.environments)
        and _overlap(_reach(rule.resource, kind), reach)
    ]
    if matched:
        return Decision(True, "a rule of your roles allows some of this", _told(matched))
    return Decision(False, "no rule of your roles allows any of this")


def _all_permissions(caller: Caller, kind: str) -> Iterator[tuple[str, Permission]]:
    """Every rule of the caller, whatever it is about; a service account's reach as globs."""
    yield from _rules_of(caller)
    if "service-account" in caller.roles and kind in VALUES:
        for glob in allowed_namespaces(caller.attributes):
            below = glob if glob_prefix(glob) is not None else f"{glob}/*"
            yield "service-account", Permission(Effect.ALLOW, _MAY_READ, f"{kind}:{below}")


def _told(matched: Iterable[tuple[str, Permission]]) -> tuple[str, ...]:
    return tuple(f"{role}: {rule.effect} {rule.resource}" for role, rule in matched)


def _reach(pattern: str, kind: str) -> str | None:
    """What the paths that a rule is about begin with; None when it is about another kind."""
    if pattern == "*":
        return ""
    its_kind, _, glob = pattern.partition(":")
    return glob.removesuffix("*") if its_kind == kind else None


def _reaches_into(pattern: str, kind: str, namespace: str) -> bool:
    """Could a rule with this resource be about a key of exactly this namespace?"""
    its_kind, _, glob = pattern.partition(":")
    if pattern == "*" or (its_kind == kind and glob == "*"):
        return True
    prefix = glob_prefix(glob)
    reached = glob.rpartition("/")[0] == namespace if prefix is None else f"{namespace}/".startswith(prefix)
    return its_kind == kind and reached


def _namespaces_reach(glob: str) -> str:
    prefix = glob_prefix(glob)
    return f"{glob}/" if prefix is None else prefix


def _overlap(one: str | None, other: str) -> bool:
    return one is not None and (one.startswith(other) or other.startswith(one))


def _may_touch_tenants(caller: Caller, action: str) -> bool:
    """Other tenants are for the platform's global-admin; a tenant's own people may at most read their own record."""
    return "global-admin" in caller.roles if caller.is_platform else action == "read"
