"""What every operation must answer to whom: written down from the documents, and importing nothing of the product.

A new operation needs a row here, or the completeness test names it.
"""

from dataclasses import dataclass

NAME, TENANT, NEW_TENANT, NOTHING = "a name", "a tenant", "a new tenant", "nothing that has an owner"
NAMESPACES = "what stands in namespaces"
API_KEY = "an API key"
SUBSCRIPTION = "a subscription"
NAMESPACE = "a namespace"
CONFIGS_OR_SECRETS = "configs or secrets"
ROTATION = "a rotation, of a secret of production"
SOMEWHERE = "what may be allowed anywhere"
REPORTED = "the secret of the exemplary request, in production"
AUDIT_ENTRY = "an entry of the audit"
ENVIRONMENTS = ("global", "development", "staging", "production", "edge")


@dataclass(frozen=True)
class Row:
    """`about`: what the request points at. `present` and `absent`: the status for a caller who may. `takes`: fields
    that could name an owner and that the operation takes on purpose, in its query or body. `writes`: it keeps something,
    though its verb is one of reading."""

    resource: str
    verb: str
    about: str
    present: int = 200
    absent: int = 404
    takes: frozenset[str] = frozenset()
    writes: bool = False
    """Though its verb is one of reading."""

    @property
    def public(self) -> bool:
        return self.resource == "public"


ROWS: dict[str, Row] = {
    "put_config": Row("configs", "write", NAME, absent=201),
    "get_config": Row("configs", "read", NAME),
    "resolve_config": Row("configs", "read", NAME),
    "create_config": Row("configs", "write", NAME, present=409, absent=201),
    "patch_config": Row("configs", "write", NAME),
    "delete_config": Row("configs", "delete", NAME, present=204),
    "list_configs": Row("configs", "list", NAMESPACES, takes=frozenset({"namespace"})),
    "list_config_versions": Row("configs", "read", NAME),
    "diff_config": Row("configs", "read", NAME),
    "rollback_config": Row("configs", "write", NAME),
    "restore_config": Row("configs", "write", NAME, present=409),
    "batch_configs": Row("configs", "write", NAME),
    "resolve_namespace": Row("configs", "read", NAMESPACES, takes=frozenset({"namespace"})),
    "list_changes": Row("configs", "read", NAMESPACES, takes=frozenset({"namespace"})),
    "validate_config": Row("configs", "write", NAME, absent=200),
    "put_secret": Row("secrets", "write", NAME, absent=201),
    "get_secret": Row("secrets", "read", NAME),
    "create_secret": Row("secrets", "write", NAME, present=409, absent=201),
    "delete_secret": Row("secrets", "delete", NAME, present=204),
    "list_secrets": Row("secrets", "list", NAMESPACES, takes=frozenset({"namespace"})),
    "list_secret_versions": Row("secrets", "list", NAME),
    "activate_secret": Row("secrets", "rotate", NAME),
    "revoke_secret": Row("secrets", "rotate", NAME),
    "restore_secret": Row("secrets", "write", NAME, present=409),
    "destroy_secret": Row("secrets", "delete", NAME),
    "copy_secret": Row("secrets", "write", NAME, present=201),
    "move_secret": Row("secrets", "delete", NAME, present=201),
    "start_rotation": Row("secrets", "rotate", NAME, present=202),
    "list_rotations": Row("secrets", "list", SOMEWHERE),
    "get_rotation": Row("secrets", "list", ROTATION),
    "acknowledge_rotation": Row("secrets", "read", ROTATION, writes=True),
    "abort_rotation": Row("secrets", "rotate", ROTATION),
    "resume_rotation": Row("secrets", "rotate", ROTATION, present=409),
    "put_rotation_schedule": Row("secrets", "rotate", NAME),
    "get_rotation_schedule": Row("secrets", "list", NAME),
    "delete_rotation_schedule": Row("secrets", "rotate", NAME, present=204),
    "preview_schedule": Row("secrets", "list", SOMEWHERE),
    "report_usage": Row("secrets", "read", REPORTED, writes=True),
    "create_tenant": Row("tenants", "create", NEW_TENANT, present=409, absent=201),
    "get_tenant": Row("tenants", "read", TENANT),
    "whoami": Row("access", "read", NOTHING),
    "check_live": Row("public", "read", NOTHING),
    "check_ready": Row("public", "read", NOTHING),
    "get_openapi": Row("public", "read", NOTHING),
    "create_api_key": Row("api keys", "write", NOTHING, present=201),
    "list_api_keys": Row("api keys", "list", NOTHING),
    "get_api_key": Row("api keys", "read", API_KEY),
    "delete_api_key": Row("api keys", "delete", API_KEY, present=204),
    "create_subscription": Row("api keys", "write", NOTHING, present=201),
    "list_subscriptions": Row("api keys", "list", NOTHING),
    "get_subscription": Row("api keys", "read", SUBSCRIPTION),
    "delete_subscription": Row("api keys", "delete", SUBSCRIPTION, present=204),
    "replay_subscription": Row(
        "api keys", "write", SUBSCRIPTION, present=202, takes=frozenset({"namespace"}), writes=True
    ),
    "create_service_token": Row("api keys", "write", NOTHING, present=201),
    "put_namespace": Row("namespaces", "write", NAMESPACE, absent=201),
    "get_namespace": Row("namespaces", "read", NAMESPACE),
    "delete_namespace": Row("namespaces", "delete", NAMESPACE, present=204),
    "list_namespaces": Row("namespaces", "list", NOTHING),
    "search_names": Row(CONFIGS_OR_SECRETS, "list", NAMESPACES, takes=frozenset({"namespace"})),
    "list_audit_entries": Row("audit", "list", NOTHING, takes=frozenset({"namespace"})),
    "get_audit_checkpoint": Row("audit", "read", NOTHING),
    "get_audit_proof": Row("audit", "read", AUDIT_ENTRY),
    "get_audit_consistency": Row("audit", "read", NOTHING),
    "verify_audit": Row("audit", "read", NOTHING),
    "export_audit": Row("audit", "read", NOTHING),
    "erase_subject": Row("audit", "delete", NOTHING),
    "get_compliance_report": Row("audit", "read", NOTHING, takes=frozenset({"namespace"})),
    "report_fleet": Row("configs", "read", NAMESPACES, writes=True),
    "purge_caches": Row("caches", "write", NOTHING),
    "get_fleet": Row("configs", "list", NAMESPACES, takes=frozenset({"namespace"})),
}

_EVERYTHING = {"read", "write", "delete", "list", "rotate", "approve", "admin", "reveal"}
_VALUES: dict[str, dict[str, dict[str, set[str]]]] = {
    "global-admin": {kind: dict.fromkeys(ENVIRONMENTS, _EVERYTHING) for kind in ("configs", "secrets")},
    "tenant-admin": {kind: dict.fromkeys(ENVIRONMENTS, _EVERYTHING) for kind in ("configs", "secrets")},
    "operator": {
        kind: {key: {"read", "write", "list", "rotate"} for key in ENVIRONMENTS} for kind in ("configs", "secrets")
    },
    "developer": {
        kind: {"development": {"read", "write", "list"}, "staging": {"read", "list"}} for kind in ("configs", "secrets")
    },
    "viewer": {
        "configs": {key: {"read", "list"} for key in ENVIRONMENTS},
        "secrets": {key: {"list"} for key in ENVIRONMENTS},
    },
    "service-account": {},
}
"""Role, resource, environment: the verbs. A service account has what its `namespaces` give it, and that is to read."""

ROLES = tuple(_VALUES)


@dataclass(frozen=True)
class Who:
    """A caller. `valid`: it has a credential that is worth something. `reach`: a service account's namespaces."""

    said: str
    role: str = ""
    platform: bool = False
    valid: bool = True
    reach: tuple[str, ...] = ()


CALLERS = (
    *(Who(role, role) for role in ROLES),
    Who("service-account of the namespaces", "service-account", reach=("llm-gateway/routing", "api-keys")),
    Who("an unknown role", "superuser"),
    Who("no role"),
    Who("no credential", valid=False),
    Who("an expired token", "global-admin", valid=False),
    Who("another issuer", "global-admin", valid=False),
    Who("a forged signature", "global-admin", valid=False),
    Who("platform global-admin", "global-admin", platform=True),
    Who("platform viewer", "viewer", platform=True),
)


@dataclass(frozen=True)
class Asked:
    """What the request points at. `own`: it is the caller's. `held`: it is there, where this caller would find it."""

    own: bool
    held: bool
    well_formed: bool = True
    environment: str = ""
    namespace: str = ""


_ADMINISTRATORS = {"global-admin", "tenant-admin"}
_BY_ROLE = {"api keys": _ADMINISTRATORS, "audit": _ADMINISTRATORS, "caches": _ADMINISTRATORS | {"operator"}}


def may(who: Who, row: Row, asked: Asked) -> bool:
    """Whether the role of `who` lets it do this in its own tenant."""
    if row.resource == "access":
        return who.role in ROLES
    if row.resource in _BY_ROLE:
        return who.role in _BY_ROLE[row.resource]
    if row.resource == "namespaces":
        return _may_with_namespaces(who, row, asked)
    if row.resource == "tenants":
        if row.verb == "read":
            return who.role in ("global-admin", "tenant-admin")
        return who.role == "global-admin" and who.platform
    if row.about in (ROTATION, SOMEWHERE):
        return _may_somewhere(who, row)
    if row.about == REPORTED:
        asked = Asked(True, True, environment="production", namespace="api-keys")
    return _may_here(who, row, asked)


def _may_here(who: Who, row: Row, asked: Asked) -> bool:
    if who.role == "service-account":
        return row.verb in ("read", "list") and any(_meets(asked.namespace, namespace) for namespace in who.reach)
    kinds = ("configs", "secrets") if row.resource == CONFIGS_OR_SECRETS else (row.resource,)
    held = _VALUES.get(who.role, {})
    return any(row.verb in held.get(kind, {}).get(asked.environment, set()) for kind in kinds)


def _may_somewhere(who: Who, row: Row) -> bool:
    if who.role == "service-account":
        return row.verb in ("read", "list") and bool(who.reach)
    return any(row.verb in verbs for verbs in _VALUES.get(who.role, {}).get(row.resource, {}).values())


def _may_there(who: Who, row: Row) -> bool:
    """May it do this with the secret that the rotation is of?"""
    return _may_here(who, row, Asked(True, True, environment="production", namespace="llm-gateway/routing"))


_WITH_NAMESPACES = {
    "global-admin": {"read", "list", "write", "delete"},
    "tenant-admin": {"read", "list", "write", "delete"},
    "operator": {"read", "list", "write"},
    "developer": {"read", "list"},
    "viewer": {"read", "list"},
}


def _may_with_namespaces(who: Who, row: Row, asked: Asked) -> bool:
    """A service account sees the namespaces that it reaches, and changes none."""
    if who.role == "service-account":
        return asked.namespace in who.reach if row.about == NAMESPACE else bool(who.reach)
    return row.verb in _WITH_NAMESPACES.get(who.role, set())


def _meets(asked: str, namespace: str) -> bool:
    """Is `namespace` among those that are asked for: itself, `*`, or what `team/*` means?"""
    return asked in ("*", namespace) or (asked.endswith("/*") and namespace.startswith(asked[:-1]))


def status(who: Who, row: Row, asked: Asked) -> int:
    """The status that `who` must get."""
    if not row.public and not who.valid:
        return 401
    if not asked.well_formed:
        return 400
    if row.public:
        return row.present
    if row.about == TENANT and not asked.own and not who.platform:
        return 404  # another tenant is as absent, for every role
    return _found(who, row, asked) if may(who, row, asked) else 403


def _found(who: Who, row: Row, asked: Asked) -> int:
    """For one who may."""
    if row.about in (NAMESPACES, SOMEWHERE, REPORTED):
        return row.present  # what nobody holds is an empty list
    if row.about == ROTATION and not _may_there(who, row):
        return row.absent  # what is not for this caller is as absent
    return row.present if asked.held else row.absent
