"""ports/audit_subjects.py, promise by promise."""

from dataclasses import replace

import pytest

from llm_config_domain.audit.entries import AuditQuery
from llm_config_domain.errors import NotFound
from llm_config_domain.journal import Actor
from llm_config_domain.names import TenantId
from tests.support.entries import numbered
from tests.support.families import HomeUnderTest

AT, LATER = "2026-11-02T00:00:00.000Z", "2026-11-03T00:00:00.000Z"
ALWAYS = AuditQuery("2000-01-01T00:00:00.000Z", "2100-01-01T00:00:00.000Z")
ANA, EVE = "user:ana", "user:eve"


def acted(home: HomeUnderTest, tenant: TenantId, number: int, name: str = ANA) -> str:
    """Somebody's entry becomes a leaf; what it says of who that was."""
    made = numbered(tenant, number, actor=Actor(name, "user", ()))
    home.provide("audit_appender").append([made])
    told: str = home.provide("audit_reader").leaf(tenant, made.id).record["actor"]["id"]
    return told


def test_somebody_has_one_pseudonym_in_one_tenant_and_it_holds_no_name(home: HomeUnderTest, acme: TenantId) -> None:
    subjects, globex = home.provide("audit_subjects"), home.tenant("globex")
    first, again, other = acted(home, acme, 1), acted(home, acme, 2), acted(home, acme, 3, EVE)
    assert first == again and len({first, other, acted(home, globex, 4)}) == 3
    assert not {ANA, EVE} & {first, other} and "ana" not in first
    known = subjects.named(acme, {first, other, "subject:none", "system:rotation"})
    assert {alias: (one.name, one.pseudonym) for alias, one in known.items()} == {
        first: (ANA, first),
        other: (EVE, other),
    }
    assert subjects.named(globex, {first}) == {} and subjects.named(acme, set()) == {}


def test_the_product_itself_is_named_as_it_is(home: HomeUnderTest, acme: TenantId) -> None:
    made = numbered(acme, 1, actor=Actor("system:rotation", "system", ()))
    home.provide("audit_appender").append([made])
    assert home.provide("audit_reader").leaf(acme, made.id).record["actor"]["id"] == "system:rotation"


def test_several_at_once_are_told_apart(home: HomeUnderTest, acme: TenantId) -> None:
    made = [numbered(acme, number, actor=Actor(f"user:{number % 3}", "user", ())) for number in range(9)]
    home.provide("audit_appender").append(made)
    told = [home.provide("audit_reader").leaf(acme, one.id).record["actor"]["id"] for one in made]
    assert len(set(told)) == 3 and told[:3] == told[3:6] == told[6:]


@pytest.mark.parametrize("by_name", [True, False], ids=["by name", "by pseudonym"])
def test_who_is_erased_is_known_to_nobody_any_more(home: HomeUnderTest, acme: TenantId, *, by_name: bool) -> None:
    subjects, alias = home.provide("audit_subjects"), acted(home, acme, 1)
    other = acted(home, acme, 2, EVE)
    done = subjects.erase(acme, ANA if by_name else alias, AT)
    assert (done.pseudonym, done.at) == (alias, AT)
    assert set(subjects.named(acme, {alias, other})) == {other}
    assert subjects.erase(acme, alias, LATER) == done
    with pytest.raises(NotFound):
        subjects.erase(acme, ANA, LATER)


def test_who_acts_again_after_an_erasure_is_somebody_new(home: HomeUnderTest, acme: TenantId) -> None:
    subjects, before = home.provide("audit_subjects"), acted(home, acme, 1)
    subjects.erase(acme, ANA, AT)
    home.provide("audit_appender").append([numbered(acme, 1, actor=Actor(ANA, "user", ()))])
    assert subjects.named(acme, {before}) == {}
    after = acted(home, acme, 2)
    assert after not in (before, ANA)
    assert subjects.erase(acme, ANA, LATER).pseudonym == after


def test_nobody_erases_what_is_anothers_or_never_was(home: HomeUnderTest, acme: TenantId) -> None:
    subjects, globex = home.provide("audit_subjects"), home.tenant("globex")
    alias = acted(home, acme, 1)
    for tenant, told in ((globex, ANA), (globex, alias), (acme, "user:never"), (acme, "subject:none")):
        with pytest.raises(NotFound):
            subjects.erase(tenant, told, AT)
    assert set(subjects.named(acme, {alias})) == {alias}


def test_entries_are_found_by_name_until_it_is_erased_and_by_pseudonym_always(
    home: HomeUnderTest, acme: TenantId
) -> None:
    reader, alias = home.provide("audit_reader"), acted(home, acme, 1)
    acted(home, acme, 2, EVE)

    def found(actor: str) -> int:
        return len(reader.find(acme, replace(ALWAYS, actor=actor), 10**6, 100))

    assert (found(ANA), found(alias), found("user:never")) == (1, 1, 0)
    home.provide("audit_subjects").erase(acme, ANA, AT)
    assert (found(ANA), found(alias)) == (0, 1)


def test_no_row_of_the_audit_holds_a_name_that_was_erased(home: HomeUnderTest, acme: TenantId) -> None:
    name = "user:somebody-who-is-gone"
    acted(home, acme, 1, name)
    assert home.audit_holds(name)
    home.provide("audit_subjects").erase(acme, name, AT)
    assert not home.audit_holds(name)
