"""The ways a config changes: what each wants to read, what it writes, and what it refuses."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from llm_config_domain.configs.changes import (
    Amendment,
    Change,
    Deletion,
    Replacement,
    Restoration,
    Rollback,
)
from llm_config_domain.configs.entries import MAX_VALUE_BYTES, ConfigDraft, ConfigMetadata, ConfigVersion, next_version
from llm_config_domain.configs.patches import apply_merge_patch
from llm_config_domain.errors import Conflict, NotFound, PreconditionFailed, Refusal, TooLarge, ValueRefused
from llm_config_domain.names import Name, TenantId
from llm_config_domain.versions import ChangeType, Moment, Preconditions

NAME = Name(TenantId("01M7XB2CPDX901Z538HPJ3CH8B"), "team", "key", "production")
SIGNED: dict[str, Any] = {"author": "user:b", "new_id": "id-new", "reason": "because"}
FIRST = next_version(
    NAME,
    None,
    ConfigDraft(value='{"a":1.50}', author="user:a", new_id="id-1", classification="restricted", tags={"owner": "ml"}),
    revision=1,
    at="2026-01-02T03:04:05.000Z",
)
STANDING = next_version(
    NAME, FIRST, ConfigDraft(value='{"b":2}', author="user:a", new_id="-"), revision=2, at="2026-01-02T03:04:06.000Z"
)
DELETED = replace(STANDING, version=3, revision=3, change_type=ChangeType.DELETE, value="null")
STATES = {"absent": None, "standing": STANDING, "deleted": DELETED}
MOMENT = Moment("2026-01-02T03:04:05.500Z")

REPLACE = Replacement.of({"c": 3}, classification="public", tags={"t": "1"}, **SIGNED)
AMEND = Amendment(apply=partial(apply_merge_patch, patch={"x": True}), **SIGNED)
DELETE = Deletion(**SIGNED)
BACK = Rollback(to=1, **SIGNED)
BACK_IN_TIME = Rollback(to=MOMENT, **SIGNED)
TOO_FAR = Rollback(to=3, **SIGNED)
RESTORE = Restoration(**SIGNED)


@pytest.mark.parametrize(
    ("change", "absent", "standing", "deleted"),
    [
        pytest.param(REPLACE, None, None, None, id="a replacement reads nothing"),
        pytest.param(AMEND, NotFound, 2, NotFound, id="an amendment reads what stands"),
        pytest.param(DELETE, NotFound, None, NotFound, id="a deletion reads nothing and needs something to delete"),
        pytest.param(BACK, NotFound, 1, NotFound, id="a rollback reads the version it goes back to"),
        pytest.param(BACK_IN_TIME, NotFound, MOMENT, NotFound, id="a rollback reads what stood at a moment"),
        pytest.param(TOO_FAR, NotFound, NotFound, NotFound, id="a rollback goes to no version that is not yet"),
        pytest.param(Rollback(to=2, **SIGNED), NotFound, 2, NotFound, id="a rollback to what stands is one"),
        pytest.param(RESTORE, NotFound, Conflict, 2, id="a restoration reads what stood before the deletion"),
    ],
)
def test_each_change_says_what_it_wants_of_what_stands(
    change: Change, absent: Any, standing: Any, deleted: Any
) -> None:
    for state, wanted in (("absent", absent), ("standing", standing), ("deleted", deleted)):
        assert asked(change, STATES[state]) == wanted, state


def asked(change: Change, current: ConfigMetadata | None) -> Any:
    try:
        return change.wants(current)
    except Refusal as refusal:
        return type(refusal)


CHANGES = [REPLACE, AMEND, DELETE, BACK, BACK_IN_TIME, RESTORE]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: type(change).__name__)
def test_preconditions_come_before_everything_else(change: Change) -> None:
    for current in STATES.values():
        stale = replace(change, preconditions=Preconditions(if_match='"9"'))
        assert asked(stale, current) is PreconditionFailed
    new = replace(change, preconditions=Preconditions(must_be_new=True))
    assert asked(new, STANDING) is Conflict


@pytest.mark.parametrize(
    ("change", "current", "source", "told"),
    [
        pytest.param(REPLACE, STANDING, None, ('{"c":3}', None, None, "public", {"t": "1"}), id="a replacement"),
        pytest.param(
            AMEND, FIRST, FIRST, ('{"a":1.50,"x":true}', None, None, "restricted", {"owner": "ml"}), id="an amendment"
        ),
        pytest.param(
            DELETE, FIRST, None, ("null", ChangeType.DELETE, None, "restricted", {"owner": "ml"}), id="a deletion"
        ),
        pytest.param(
            BACK, STANDING, FIRST,
            ('{"a":1.50}', ChangeType.ROLLBACK, 1, "restricted", {"owner": "ml"}), id="a rollback",
        ),
        pytest.param(
            RESTORE, DELETED, STANDING, ('{"b":2}', ChangeType.RESTORE, 2, "internal", {}), id="a restoration"
        ),
    ],
)  # fmt: skip
def test_each_change_drafts_exactly_this(
    change: Change, current: ConfigVersion, source: ConfigVersion | None, told: tuple[Any, ...]
) -> None:
    draft = change.draft(current, source)
    assert (draft.value, draft.change_type, draft.from_version, draft.classification, draft.tags) == told
    assert (draft.author, draft.new_id, draft.reason) == ("user:b", "id-new", "because")


@pytest.mark.parametrize("change", [AMEND, BACK, BACK_IN_TIME, RESTORE], ids=lambda change: type(change).__name__)
def test_what_builds_on_a_version_that_is_not_there_is_not_found(change: Change) -> None:
    with pytest.raises(NotFound, match="no such version"):
        change.draft(STANDING, None)


@pytest.mark.parametrize("current", [None, DELETED], ids=["absent", "deleted"])
def test_a_deletion_of_nothing_drafts_nothing(current: ConfigVersion | None) -> None:
    with pytest.raises(NotFound, match="no such config"):
        DELETE.draft(current, None)


@pytest.mark.parametrize("change", [BACK, RESTORE], ids=lambda change: type(change).__name__)
def test_a_deletion_is_no_value_to_bring_back(change: Change) -> None:
    with pytest.raises(ValueRefused) as refused:
        change.draft(STANDING, DELETED)
    (violation,) = refused.value.violations
    assert (violation.path, violation.rule) == ("/version", "deleted")
    assert "choose one that holds a value" in violation.message
    assert refused.value.detail == "a deletion cannot be brought back"


SPECIAL = '{"$secret":1}'
"""A special object that today's rules refuse; an older version may hold it."""


@pytest.mark.parametrize("change", [BACK, RESTORE], ids=lambda change: type(change).__name__)
def test_what_is_brought_back_is_held_to_the_rules_of_today(change: Change) -> None:
    with pytest.raises(ValueRefused):
        change.draft(STANDING, replace(FIRST, value=SPECIAL))


@pytest.mark.parametrize(
    ("value", "refusal"), [({"$secret": 1}, ValueRefused), ("x" * MAX_VALUE_BYTES, TooLarge)], ids=["special", "large"]
)
def test_a_new_value_is_held_to_the_rules_whether_it_comes_whole_or_as_a_patch(
    value: Any, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        Replacement.of(value, classification="public", tags={}, **SIGNED)
    with pytest.raises(refusal):
        replace(AMEND, apply=lambda before: value).draft(FIRST, FIRST)


def test_an_amendment_is_given_the_value_to_the_digit() -> None:
    seen: list[str] = []
    replace(AMEND, apply=lambda before: seen.append(str(before["a"]))).draft(STANDING, FIRST)
    assert seen == ["1.50"]


def test_a_refusal_says_which_state_it_met() -> None:
    for change, current, words in (
        (AMEND, None, "there is no such config in this environment"),
        (TOO_FAR, STANDING, "there is no such version"),
        (RESTORE, None, "there never was such a config in this environment"),
        (RESTORE, STANDING, "this config is not deleted: there is nothing to restore"),
    ):
        with pytest.raises(Refusal) as refused:
            change.wants(current)
        assert refused.value.detail == words
