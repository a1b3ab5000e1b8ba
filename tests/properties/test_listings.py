"""Who may ask for a list at all, as laws: whoever may have one item of it may ask, and nobody else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llm_config_domain.callers import Caller
from llm_config_domain.names import TenantId
from llm_config_domain.policy import ROLES, Effect, Permission, Resource, decide, decide_some, matches_glob

TENANT = TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAV")
ENVIRONMENTS = ["global", "development", "staging", "production", "edge"]
NAMESPACES = ["team", "team/a", "team/a/b", "teams", "other"]
KINDS = ["configs", "secrets"]
VERBS = ["read", "list", "write", "delete", "rotate"]
GLOBS = ["*", "team/*", "team/a/*", "team", "team/a", "teams", "other", "nowhere/*"]
REACHES = [*GLOBS, "team/key", "team/a/key", "", "team,other", ["team", "other/*"]]
CALLERS = st.builds(
    lambda roles, reach: Caller(TENANT, "user:a", roles, attributes={"namespaces": reach}),
    st.frozensets(st.sampled_from(sorted(ROLES)), max_size=2),
    st.sampled_from(REACHES),
)


@settings(max_examples=400)
@given(CALLERS, st.sampled_from(VERBS), st.sampled_from(KINDS), st.sampled_from(NAMESPACES), st.sampled_from(GLOBS))
def test_who_may_have_one_item_may_ask_for_the_list_that_it_is_in(
    who: Caller, verb: str, kind: str, namespace: str, glob: str
) -> None:
    for environment in ENVIRONMENTS:
        one = decide(who, verb, Resource(kind, f"{namespace}/key", environment)).allowed
        if one and matches_glob(glob, namespace):
            for asked in (environment, None):
                assert decide_some(who, verb, kind, glob, asked).allowed
                assert decide_some(who, verb, "namespaces", glob, asked).allowed


@settings(max_examples=400)
@given(CALLERS, st.sampled_from(VERBS), st.sampled_from(KINDS), st.sampled_from(GLOBS))
def test_who_may_ask_is_told_by_which_rule_and_who_may_not_has_none(
    who: Caller, verb: str, kind: str, glob: str
) -> None:
    for environment in (*ENVIRONMENTS, None):
        decision = decide_some(who, verb, kind, glob, environment)
        assert decision.allowed is bool(decision.matched_rules)
        words = (
            "a rule of your roles allows some of this"
            if decision.allowed
            else "no rule of your roles allows any of this"
        )
        assert decision.reason == words
        assert all(rule.split(": ")[0] in who.roles and " allow " in rule for rule in decision.matched_rules)


@given(CALLERS, st.sampled_from(VERBS), st.sampled_from(KINDS), st.sampled_from(GLOBS))
def test_a_list_of_all_environments_is_for_who_may_ask_for_one_of_them(
    who: Caller, verb: str, kind: str, glob: str
) -> None:
    some = any(decide_some(who, verb, kind, glob, environment).allowed for environment in ENVIRONMENTS)
    assert decide_some(who, verb, kind, glob, None).allowed is some


@given(CALLERS, st.sampled_from(VERBS), st.sampled_from(GLOBS))
def test_a_list_of_namespaces_is_for_who_may_ask_for_what_stands_in_them(who: Caller, verb: str, glob: str) -> None:
    some = any(decide_some(who, verb, kind, glob, None).allowed for kind in KINDS)
    assert decide_some(who, verb, "namespaces", glob, None).allowed is some


@pytest.mark.parametrize(
    ("reach", "glob", "may"),
    [
        ("team", "team", True),
        ("team", "*", True),
        ("team", "team/*", True),
        ("team", "team/a", True),
        ("team", "teams", False),
        ("team/*", "team", True),
        ("team/*", "team/a", True),
        ("team/*", "team/a/*", True),
        ("team/*", "teams", False),
        ("team/a/*", "team/*", True),
        ("team/a/*", "team/b", False),
        ("team/a", "team", True),
        ("*", "anything/*", True),
        ("other", "team", False),
        ("", "*", False),
    ],
)
def test_a_service_account_may_ask_for_what_overlaps_with_its_reach(reach: str, glob: str, may: bool) -> None:
    who = Caller(TENANT, "svc:a", frozenset({"service-account"}), attributes={"namespaces": reach})
    for kind in (*KINDS, "namespaces"):
        for verb in ("read", "list"):
            assert decide_some(who, verb, kind, glob, "production").allowed is may
        assert not decide_some(who, "write", kind, glob, "production").allowed
    assert not decide_some(who, "list", "access", glob, None).allowed
    assert not decide_some(
        Caller(TENANT, "user:a", frozenset(), attributes={"namespaces": reach}), "read", "configs", glob, None
    ).allowed


def test_the_reach_of_a_service_account_is_told_as_the_keys_below_it() -> None:
    who = Caller(TENANT, "svc:a", frozenset({"service-account"}), attributes={"namespaces": "team,other/*"})
    for kind in KINDS:
        told = decide_some(who, "read", kind, "*", None).matched_rules
        assert told == (f"service-account: allow {kind}:team/*", f"service-account: allow {kind}:other/*")


@pytest.mark.parametrize(
    ("pattern", "glob", "may"),
    [
        ("*", "team", True),
        ("configs:*", "team", True),
        ("configs:team/*", "team", True),
        ("configs:team/*", "team/a", True),
        ("configs:team/a/*", "team/*", True),
        ("configs:team/a/*", "team/b/*", False),
        ("configs:team/*", "teams", False),
        ("configs:team/key", "team", True),
        ("configs:team/key", "team/*", True),
        ("configs:team/key", "other", False),
        ("secrets:*", "team", False),
    ],
)
def test_a_rule_lets_its_holder_ask_for_what_overlaps_with_it(
    monkeypatch: pytest.MonkeyPatch, pattern: str, glob: str, may: bool
) -> None:
    monkeypatch.setitem(
        ROLES,
        "made",
        (
            Permission(Effect.ALLOW, frozenset({"read"}), pattern, frozenset({"edge"})),
            Permission(Effect.DENY, frozenset({"*"}), "*"),
        ),
    )
    who = Caller(TENANT, "user:a", frozenset({"made"}))
    assert decide_some(who, "read", "configs", glob, "edge").allowed is may
    assert decide_some(who, "read", "configs", glob, None).allowed is may
    assert not decide_some(who, "read", "configs", glob, "production").allowed
    assert not decide_some(who, "list", "configs", glob, "edge").allowed
