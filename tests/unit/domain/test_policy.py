"""Who may do what: the six roles against a table that imports nothing of them."""

from dataclasses import replace

import pytest

from llm_config_domain.callers import SYSTEM, Caller, allowed_namespaces, the_product
from llm_config_domain.names import PLATFORM, TenantId
from llm_config_domain.policy import (
    GIVE,
    ROLES,
    Decision,
    Effect,
    Permission,
    Resource,
    decide,
    decide_some,
    matches_glob,
    matches_resource,
    permissions_of,
)

TENANT = TenantId("01M7XB2CPDX901Z538HPJ3CH8B")
VERBS = ("read", "write", "delete", "list", "rotate", "approve", "admin", "reveal")
ALL = frozenset(VERBS)
# role -> resource type -> environment -> verbs; written down once more on purpose.
ORACLE: dict[str, dict[str, dict[str, frozenset[str]]]] = {
    role: {
        kind: {
            environment: {
                "global-admin": ALL,
                "tenant-admin": ALL,
                "operator": frozenset({"read", "write", "list", "rotate"}),
                "developer": {
                    "development": frozenset({"read", "write", "list"}),
                    "staging": frozenset({"read", "list"}),
                }.get(environment, frozenset()),
                "viewer": frozenset({"read", "list"} if kind == "configs" else {"list"}),
                "service-account": frozenset(),
            }[role]
            for environment in ("global", "development", "staging", "production", "edge")
        }
        for kind in ("configs", "secrets")
    }
    for role in ("global-admin", "tenant-admin", "operator", "developer", "viewer", "service-account")
}


def caller(*roles: str, tenant: TenantId = TENANT, **attributes: object) -> Caller:
    return Caller(tenant, "user:a", frozenset(roles), attributes=attributes)


@pytest.mark.parametrize("role", ORACLE)
@pytest.mark.parametrize("kind", ["configs", "secrets"])
@pytest.mark.parametrize("environment", ["global", "development", "staging", "production", "edge"])
def test_a_role_may_do_what_the_table_says_and_nothing_else(role: str, kind: str, environment: str) -> None:
    resource = Resource(kind, "team/key", environment)
    allowed = {verb for verb in VERBS if decide(caller(role), verb, resource).allowed}
    assert allowed == ORACLE[role][kind][environment]


def test_the_product_may_do_its_own_work_and_a_role_of_that_name_gives_nothing() -> None:
    secret = Resource("secrets", "team/key", "production")
    assert decide(the_product(TENANT, "rotation"), "rotate", secret).allowed
    assert not decide(caller(SYSTEM, actor_type=SYSTEM), "rotate", secret).allowed


def test_the_table_knows_every_role() -> None:
    assert set(ROLES) == set(ORACLE)


def test_a_deny_of_one_role_wins_over_the_allow_of_another() -> None:
    decision = decide(caller("developer", "operator"), "write", Resource("configs", "team/key", "production"))
    assert not decision.allowed
    assert decision.matched_rules == ("developer: deny configs:*",)


@pytest.mark.parametrize("roles", [(), ("unknown",), ("Operator",), ("operator ",)])
def test_what_nothing_allows_is_denied(roles: tuple[str, ...]) -> None:
    decision = decide(caller(*roles), "read", Resource("configs", "team/key", "development"))
    assert (decision.allowed, decision.matched_rules) == (False, ())


def test_an_allowance_names_its_rule() -> None:
    decision = decide(caller("viewer"), "read", Resource("configs", "team/key", "production"))
    assert decision.allowed and decision.matched_rules == ("viewer: allow configs:*",)


@pytest.mark.parametrize(
    ("namespaces", "path", "allowed"),
    [
        pytest.param("team", "team/key", True, id="its namespace"),
        pytest.param("team", "team/sub/key", False, id="a namespace below is another one"),
        pytest.param("team", "teammate/key", False, id="a prefix twin"),
        pytest.param("team/*", "team/sub/key", True, id="a glob reaches below"),
        pytest.param("team/*", "team/key", True, id="a glob reaches the keys of its root"),
        pytest.param("team/*", "teammate/key", False, id="a glob does not reach a twin"),
        pytest.param("other, team", "team/key", True, id="a list in one text"),
        pytest.param(["team"], "team/key", True, id="a list"),
        pytest.param("*", "any/thing/key", True, id="everything"),
        pytest.param("", "team/key", False, id="nothing said"),
        pytest.param(7, "team/key", False, id="not text"),
        pytest.param(["team", 7], "team/key", False, id="a list that is not all text"),
        pytest.param("tea?", "team/key", False, id="no other wildcard"),
    ],
)
def test_a_service_account_reaches_the_namespaces_that_its_attribute_names(
    namespaces: object, path: str, allowed: bool
) -> None:
    account = caller("service-account", namespaces=namespaces)
    assert decide(account, "read", Resource("secrets", path, "production")).allowed is allowed
    assert not decide(account, "write", Resource("secrets", path, "production")).allowed


def test_the_attribute_gives_nothing_to_other_roles() -> None:
    assert not decide(caller("nobody", namespaces="*"), "read", Resource("configs", "team/key", "production")).allowed
    assert allowed_namespaces({}) == ()


def test_only_the_platform_administers_tenants() -> None:
    new = Resource("tenants")
    assert decide(caller("global-admin", tenant=PLATFORM), "admin", new).allowed
    for role in ROLES:
        assert not decide(caller(role), "admin", new).allowed
    for role in set(ROLES) - {"global-admin"}:
        for action in ("admin", "read"):
            assert not decide(caller(role, tenant=PLATFORM), action, new).allowed


def test_everybody_with_a_role_may_ask_who_they_are() -> None:
    assert all(decide(caller(role), "read", Resource("access", "whoami")).allowed for role in ROLES)


@pytest.mark.parametrize(
    ("glob", "path", "matched"),
    [("*", "a/b", True), ("a/*", "a/b/c", True), ("a/*", "a", False), ("a/b", "a/b", True), ("a/b", "a/bc", False)],
)
def test_a_glob_is_everything_everything_under_or_itself(glob: str, path: str, matched: bool) -> None:
    assert matches_glob(glob, path) is matched


@pytest.mark.parametrize(
    ("who", "verb", "resource", "told"),
    [
        pytest.param(
            caller("operator"),
            "read",
            Resource("configs", "team/key", "production"),
            (True, "a rule of your roles allows this", ("operator: allow configs:*",)),
            id="allowed",
        ),
        pytest.param(
            caller("developer"),
            "read",
            Resource("secrets", "team/key", "production"),
            (False, "a rule of your roles denies this", ("developer: deny secrets:*",)),
            id="denied by a rule",
        ),
        pytest.param(
            caller("viewer"),
            "write",
            Resource("configs", "team/key", "production"),
            (False, "no rule of your roles allows this", ()),
            id="allowed by nothing",
        ),
        pytest.param(
            caller("tenant-admin"),
            "create",
            Resource("tenants", "globex"),
            (False, "tenants are administered by the platform's global-admin", ()),
            id="another's business",
        ),
        pytest.param(
            caller("tenant-admin"),
            "read",
            Resource("tenants", "acme"),
            (True, "a rule of your roles allows this", ("tenant-admin: allow tenants:*",)),
            id="one's own tenant",
        ),
        pytest.param(
            caller("global-admin", tenant=PLATFORM),
            "create",
            Resource("tenants", "globex"),
            (True, "a rule of your roles allows this", ("global-admin: allow *",)),
            id="the platform",
        ),
        *(
            pytest.param(
                caller("service-account", namespaces="team"),
                verb,
                Resource(kind, "team/key", "production"),
                (True, "a rule of your roles allows this", (f"service-account: allow {kind}:team/key",)),
                id=f"a service account may {verb} {kind}",
            )
            for verb in ("read", "list")
            for kind in ("configs", "secrets")
        ),
    ],
)
def test_a_decision_says_why(
    who: Caller, verb: str, resource: Resource, told: tuple[bool, str, tuple[str, ...]]
) -> None:
    decision = decide(who, verb, resource)
    assert (decision.allowed, decision.reason, decision.matched_rules) == told


@pytest.mark.parametrize("kind", ["tenants", "access", "config", ""])
def test_the_reach_of_a_service_account_is_over_configs_and_secrets_alone(kind: str) -> None:
    who = caller("service-account", namespaces="*")
    assert not decide(who, "list", Resource(kind, "team/key", "production")).allowed


def test_a_pattern_is_a_type_and_a_glob() -> None:
    assert matches_resource("configs:team/*", Resource("configs", "team/key"))
    assert not matches_resource("configs:team/*", Resource("secrets", "team/key"))
    assert matches_resource("tenants:a:b", Resource("tenants", "a:b"))
    assert matches_resource("*", Resource("anything", "at/all"))


def test_what_an_attribute_gives_is_a_permission_to_read_and_list_exactly_this() -> None:
    resource = Resource("configs", "team/key", "production")
    *_, (role, given) = permissions_of(caller("service-account", namespaces="team"), resource)
    assert (role, given.effect, given.actions, given.resource, given.environments) == (
        "service-account",
        Effect.ALLOW,
        frozenset({"read", "list"}),
        "configs:team/key",
        frozenset(),
    )


@pytest.mark.parametrize(
    ("roles", "given", "allowed"),
    [
        pytest.param(("global-admin",), "global-admin", True, id="what one holds"),
        pytest.param(("global-admin",), "tenant-admin", True, id="a global-admin gives every role"),
        pytest.param(("tenant-admin",), "service-account", True, id="a tenant-admin gives a tenant's role"),
        pytest.param(("tenant-admin",), "global-admin", False, id="a tenant-admin gives no global-admin"),
        pytest.param(("tenant-admin",), "superuser", False, id="a role that nobody knows"),
        pytest.param(("tenant-admin", "superuser"), "superuser", True, id="a role of one's own, whatever it is"),
        pytest.param(("operator",), "viewer", False, id="an operator gives none"),
        pytest.param((), "viewer", False, id="who has none gives none"),
    ],
)
def test_a_role_is_given_by_who_holds_it_or_may_give_it(roles: tuple[str, ...], given: str, allowed: bool) -> None:
    decision = decide(caller(*roles), GIVE, Resource("access", f"roles/{given}"))
    assert decision.allowed is allowed
    assert decision.reason == f"your roles may{'' if allowed else ' not'} give this role"


@pytest.mark.parametrize(
    "lent",
    [
        pytest.param(replace(caller("global-admin"), credential="api_key"), id="an API key"),
        pytest.param(replace(caller("global-admin"), actor_type="service_account"), id="a service account"),
    ],
)
def test_what_was_made_for_a_machine_gives_no_role(lent: Caller) -> None:
    decision = decide(lent, GIVE, Resource("access", "roles/viewer"))
    assert decision == Decision(False, "a credential of a machine gives out no others: use one of a person")


SEEN = {"read": {*ROLES} - {"service-account"}, "list": {*ROLES} - {"service-account"}}
CHANGED_BY = {"write": {"global-admin", "tenant-admin", "operator"}, "delete": {"global-admin", "tenant-admin"}}


@pytest.mark.parametrize("role", sorted(ROLES))
@pytest.mark.parametrize(("verb", "roles"), [*SEEN.items(), *CHANGED_BY.items()])
def test_a_namespace_is_read_by_who_reads_in_it_and_changed_by_who_writes_in_all_of_it(
    role: str, verb: str, roles: set[str]
) -> None:
    assert decide(caller(role), verb, Resource("namespaces", "team")).allowed is (role in roles)
    assert decide_some(caller(role), verb, "namespaces", "*", None).allowed is (
        role in roles if verb in ("read", "list", "delete") else role in {*roles, "developer"}
    )


@pytest.mark.parametrize(
    ("reach", "namespace", "seen"),
    [
        ("team", "team", True),
        ("team", "team/a", False),
        ("team/a", "team", False),
        ("team/*", "team/a/b", True),
        ("team/*", "team", True),
        ("team/*", "teams", False),
        ("*", "anything", True),
        ("", "team", False),
    ],
)
def test_a_service_account_sees_the_namespaces_whose_keys_it_reaches(reach: str, namespace: str, seen: bool) -> None:
    who = caller("service-account", namespaces=reach)
    for verb in ("read", "list"):
        assert decide(who, verb, Resource("namespaces", namespace)).allowed is seen
    assert not decide(who, "write", Resource("namespaces", namespace)).allowed


@pytest.mark.parametrize(
    ("pattern", "namespace", "reached"),
    [
        ("*", "team", True),
        ("configs:*", "team", True),
        ("secrets:*", "team", True),
        ("configs:team/*", "team", True),
        ("configs:team/*", "team/a", True),
        ("configs:team/*", "teams", False),
        ("secrets:team/key", "team", True),
        ("configs:team/a/key", "team", False),
        ("tenants:*", "team", False),
        ("access:*", "team", False),
    ],
)
def test_a_rule_about_values_reaches_into_a_namespace(
    monkeypatch: pytest.MonkeyPatch, pattern: str, namespace: str, reached: bool
) -> None:
    monkeypatch.setitem(ROLES, "custom", (Permission(Effect.ALLOW, frozenset({"read"}), pattern),))
    who = caller("custom")
    assert decide(who, "read", Resource("namespaces", namespace)).allowed is reached
    assert not decide(who, "list", Resource("namespaces", namespace)).allowed


def test_a_decision_about_a_namespace_says_why() -> None:
    account = caller("service-account", namespaces="team/*")
    assert decide(account, "read", Resource("namespaces", "team/a")) == Decision(
        True, "a rule of your roles allows some of this", ("service-account: allow namespaces:team/*",)
    )
    assert decide(account, "read", Resource("namespaces", "other")) == Decision(
        False, "no rule of your roles allows any of this"
    )
    assert decide(caller("viewer"), "list", Resource("namespaces", "team")) == Decision(
        True, "a rule of your roles allows some of this", ("viewer: allow configs:*", "viewer: allow secrets:*")
    )
    no_account = caller("viewer", namespaces="team/*")
    assert "namespaces" not in str(decide(no_account, "list", Resource("namespaces", "team/a")).matched_rules)


@pytest.mark.parametrize("pattern", ["secrets:team/*", "secrets:*"])
def test_a_rule_about_secrets_alone_lets_see_the_namespace_and_write_nothing_about_it(
    monkeypatch: pytest.MonkeyPatch, pattern: str
) -> None:
    monkeypatch.setitem(ROLES, "custom", (Permission(Effect.ALLOW, frozenset({"*"}), pattern),))
    who = caller("custom")
    assert decide(who, "read", Resource("namespaces", "team/a")).allowed
    assert not decide(who, "write", Resource("namespaces", "team/a")).allowed
    assert decide_some(who, "read", "namespaces", "team", None).allowed
    assert not decide_some(who, "read", "configs", "team", None).allowed
