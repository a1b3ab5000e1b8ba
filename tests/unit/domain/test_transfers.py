"""A secret that goes to another name: when it may, what goes with it, and what both records say."""

from dataclasses import replace
from typing import Any

import pytest

from llm_config_domain.errors import Conflict, NotFound, PreconditionFailed, Refusal, ValueRefused, Violation
from llm_config_domain.journal import Actor, JournalEntry, Result
from llm_config_domain.names import Name, TenantId
from llm_config_domain.policy import Resource
from llm_config_domain.secrets.entries import (
    NO_HEAD,
    SecretDraft,
    SecretHead,
    SecretType,
    next_version,
)
from llm_config_domain.secrets.lifecycle import Deletion
from llm_config_domain.secrets.transfers import Transfer
from llm_config_domain.secrets.values import Sealed
from llm_config_domain.versions import Preconditions

TENANT = TenantId("01M7XB2CPDX901Z538HPJ3CH8B")
SOURCE, TARGET = Name(TENANT, "team", "old", "staging"), Name(TENANT, "other/team", "new", "production")
STANDING = SecretHead(newest=5, current=3, shown=3)
MOVE = Transfer(
    source=SOURCE, target=TARGET, keep=False, author="user:a", new_id="id-9", version_id="version-9", reason="why"
)
COPY = replace(MOVE, keep=True)
ENTRY = JournalEntry(
    id="entry-1",
    at="2026-01-02T03:04:05.678Z",
    tenant=TENANT,
    event_type="secret.write",
    severity="info",
    actor=Actor("user:a", "user", ("operator",)),
    action="secrets:write",
    resource=Resource("secrets", "somewhere/else", "edge"),
    result=Result("success"),
    request_id="request-1",
    metadata={"kept": 1},
)


@pytest.mark.parametrize("transfer", [MOVE, COPY])
@pytest.mark.parametrize("target", [NO_HEAD, SecretHead(4, 4, 4, deleted=True)], ids=["never was", "deleted"])
def test_the_version_in_use_goes_where_nothing_stands(transfer: Transfer, target: SecretHead) -> None:
    assert transfer.check(STANDING, target) == 3


def test_a_copy_goes_over_what_stands_and_a_move_does_not() -> None:
    assert COPY.check(STANDING, SecretHead(1, 1, 1)) == 3
    with pytest.raises(Conflict) as refused:
        MOVE.check(STANDING, SecretHead(1, 1, 1))
    assert refused.value.detail == "a secret of the other name exists: delete it first, or copy"


@pytest.mark.parametrize("transfer", [MOVE, COPY])
@pytest.mark.parametrize(
    ("changed", "source", "refusal"),
    [
        pytest.param({}, NO_HEAD, NotFound, id="never was"),
        pytest.param({}, replace(STANDING, deleted=True), NotFound, id="deleted"),
        pytest.param({}, replace(STANDING, current=None), NotFound, id="none in use"),
        pytest.param({"target": SOURCE}, STANDING, ValueRefused, id="to itself"),
        pytest.param({"target": SOURCE}, NO_HEAD, ValueRefused, id="to itself, and it never was"),
        pytest.param({"preconditions": Preconditions('"5"')}, STANDING, PreconditionFailed, id="not the one in use"),
        pytest.param({"preconditions": Preconditions(None, '"3"')}, STANDING, PreconditionFailed, id="just that one"),
    ],
)
def test_what_cannot_go_is_refused(
    transfer: Transfer, changed: dict[str, Any], source: SecretHead, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        replace(transfer, **changed).check(source, NO_HEAD)


def test_the_refusals_say_what_is_wrong_and_where() -> None:
    with pytest.raises(ValueRefused) as itself:
        replace(MOVE, target=SOURCE).check(STANDING, NO_HEAD)
    assert itself.value.detail == "this secret cannot go there"
    assert list(itself.value.violations) == [Violation("/to", "same", "a secret goes to another name than its own")]
    with pytest.raises(NotFound) as absent:
        MOVE.check(NO_HEAD, NO_HEAD)
    assert absent.value.detail == "there is no such secret in this environment"


def test_a_precondition_is_about_the_source() -> None:
    assert replace(COPY, preconditions=Preconditions('"3"')).check(STANDING, SecretHead(9, 9, 9)) == 3


def test_what_is_known_about_the_source_goes_with_it() -> None:
    tagged = SecretDraft(
        type=SecretType.API_KEY, author="user:first", new_id="id-1", version_id="version-1", reason="first",
        classification="restricted", tags={"owner": "ml"}, expires_at=ENTRY.at, computed={"bits": 256},
    )  # fmt: skip
    found = next_version(SOURCE, NO_HEAD, None, tagged, Sealed(b"sealed"), revision=7, at=ENTRY.at)
    assert MOVE.draft(found) == SecretDraft(
        type=SecretType.API_KEY, author="user:a", new_id="id-9", version_id="version-9", reason="why",
        classification="restricted", tags={"owner": "ml"}, expires_at=ENTRY.at, computed={"bits": 256},
    )  # fmt: skip
    assert MOVE.draft(found).activate
    assert MOVE.deletion == Deletion(reason="why")


def test_both_records_say_where_it_went() -> None:
    there, here = MOVE.told_at_target(ENTRY, 3), MOVE.told_at_source(ENTRY)
    assert dict(there.metadata) == {"kept": 1, "from": "team/old", "from_environment": "staging", "from_version": 3}
    assert there.resource == ENTRY.resource, "the target's, as the operation wrote it"
    assert dict(here.metadata) == {"kept": 1, "to": "other/team/new", "to_environment": "production"}
    assert here.resource == Resource("secrets", "team/old", "staging")
