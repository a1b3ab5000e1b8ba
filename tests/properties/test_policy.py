"""Policy, as laws: deny wins, more allows never allow less, more denies never allow more."""

from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from llm_config_domain import policy
from llm_config_domain.callers import Caller
from llm_config_domain.names import PLATFORM, TenantId
from llm_config_domain.policy import ROLES, Effect, Permission, Resource, decide

TENANT = TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAV")
ACTIONS = st.sampled_from(["read", "write", "delete", "list", "rotate", "admin"])
ENVIRONMENTS = ["global", "development", "production"]
RESOURCES = st.builds(
    Resource,
    st.sampled_from(["configs", "secrets", "access"]),
    st.sampled_from(["team/key", "team/sub/key", "teammate/key", "other/key"]),
    st.sampled_from(ENVIRONMENTS),
)
GLOBS = st.sampled_from(["*", "team/*", "team/key", "team", "other/*"])
PATTERNS = st.just("*") | st.builds("{}:{}".format, st.sampled_from(["configs", "secrets", "access"]), GLOBS)


def rules(effect: st.SearchStrategy[Effect]) -> st.SearchStrategy[Permission]:
    some = st.frozensets(ACTIONS | st.just("*"), min_size=1, max_size=3)
    return st.builds(Permission, effect, some, PATTERNS, st.frozensets(st.sampled_from(ENVIRONMENTS), max_size=2))


ANY = st.lists(rules(st.sampled_from(Effect)), max_size=5)
ALLOW, DENY = rules(st.just(Effect.ALLOW)), rules(st.just(Effect.DENY))
TENANTS = st.sampled_from([TENANT, PLATFORM])


def decided(permissions: list[Permission], action: str, resource: Resource, tenant: TenantId = TENANT) -> bool:
    """The decision for a caller of one role that has these rules."""
    with mock.patch.dict(policy.ROLES, {"made": tuple(permissions)}):
        return decide(Caller(tenant, "user:a", frozenset({"made"})), action, resource).allowed


@settings(max_examples=200)
@given(ANY, DENY, ACTIONS, RESOURCES, st.integers(0, 5))
def test_a_deny_that_covers_it_wins_wherever_it_stands(
    permissions: list[Permission], deny: Permission, action: str, resource: Resource, at: int
) -> None:
    if deny.covers(action, resource):
        assert not decided([*permissions[:at], deny, *permissions[at:]], action, resource)


@settings(max_examples=200)
@given(ANY, ALLOW, ACTIONS, RESOURCES)
def test_one_more_allow_takes_no_allowance_away(
    permissions: list[Permission], allow: Permission, action: str, resource: Resource
) -> None:
    assert decided(permissions, action, resource) <= decided([*permissions, allow], action, resource)


@settings(max_examples=200)
@given(ANY, DENY, ACTIONS, RESOURCES)
def test_one_more_deny_gives_no_allowance(
    permissions: list[Permission], deny: Permission, action: str, resource: Resource
) -> None:
    assert decided([*permissions, deny], action, resource) <= decided(permissions, action, resource)


@given(ANY, ACTIONS, RESOURCES, st.randoms(use_true_random=False))
def test_the_order_of_rules_says_nothing(
    permissions: list[Permission], action: str, resource: Resource, chance: st.DataObject
) -> None:
    shuffled = list(permissions)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert decided(shuffled, action, resource) == decided(permissions, action, resource)


@given(st.frozensets(st.sampled_from(sorted(ROLES))), st.frozensets(st.text(max_size=8)), ACTIONS, RESOURCES, TENANTS)
def test_unknown_roles_change_nothing(
    roles: frozenset[str], unknown: frozenset[str], action: str, resource: Resource, tenant: TenantId
) -> None:
    known = decide(Caller(tenant, "user:a", roles), action, resource)
    assert decide(Caller(tenant, "user:a", roles | (unknown - set(ROLES))), action, resource) == known


@given(st.frozensets(st.sampled_from(sorted(ROLES)), min_size=1), ACTIONS, st.just(Resource("tenants", "acme")))
def test_no_role_of_a_tenant_administers_tenants(roles: frozenset[str], action: str, resource: Resource) -> None:
    if action != "read":
        assert not decide(Caller(TENANT, "user:a", roles), action, resource).allowed


@given(ANY, ACTIONS, RESOURCES)
def test_what_is_allowed_names_an_allow_that_covers_it(
    permissions: list[Permission], action: str, resource: Resource
) -> None:
    covering = [rule.effect for rule in permissions if rule.covers(action, resource)]
    assert decided(permissions, action, resource) == (Effect.ALLOW in covering and Effect.DENY not in covering)
