"""How a secret's versions move between stages: every move from every state, what repeats, and what is refused."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_config_domain.errors import Conflict, NotFound, PreconditionFailed, Refusal, ValueRefused
from llm_config_domain.journal import Actor, JournalEntry, Result
from llm_config_domain.names import TenantId
from llm_config_domain.policy import Resource
from llm_config_domain.secrets.entries import Mark, SecretHead, Stage
from llm_config_domain.secrets.lifecycle import Activation, After, Deletion, Destruction, Move, Restoration, Revocation
from llm_config_domain.versions import ChangeType, Preconditions

HEAD = SecretHead(newest=5, current=2, shown=2)
MARKS = {1: Mark.LIVE, 2: Mark.LIVE, 3: Mark.PENDING, 4: Mark.REVOKED, 5: Mark.DESTROYED}
"""Version 1 was in use, 2 is, 3 waits, 4 may not be read, 5 is gone."""
AT = {"previous": 1, "current": 2, "pending": 3, "revoked": 4, "destroyed": 5}
NOTHING = None


def stages(head: SecretHead, marks: dict[int, Mark]) -> dict[int, str]:
    return {version: head.stage_of(version, mark).value for version, mark in marks.items()}


def moved(move: Move, head: SecretHead = HEAD) -> Any:
    """The stages that the move changed, None when nothing is left to do, or the kind of its refusal."""
    try:
        after = move.after(head, MARKS)
    except Refusal as refusal:
        return type(refusal)
    if after is None:
        return None
    before, then = stages(head, MARKS), stages(after.head, {**MARKS, **after.marks})
    return {version: then[version] for version in then if then[version] != before[version]}


@pytest.mark.parametrize(
    ("stage", "activated", "revoked", "destroyed"),
    [
        ("previous", {1: "current", 2: "previous"}, {1: "revoked"}, {1: "destroyed"}),
        ("current", NOTHING, {2: "revoked"}, ValueRefused),
        ("pending", {2: "previous", 3: "current"}, {3: "revoked"}, {3: "destroyed"}),
        ("revoked", ValueRefused, NOTHING, {4: "destroyed"}),
        ("destroyed", ValueRefused, NOTHING, NOTHING),
    ],
)
def test_from_each_stage_a_version_moves_as_the_table_says(
    stage: str, activated: Any, revoked: Any, destroyed: Any
) -> None:
    version = AT[stage]
    assert stages(HEAD, MARKS)[version] == stage
    assert moved(Activation(version=version)) == activated
    assert moved(Revocation(version=version)) == revoked
    assert moved(Destruction(versions=(version,))) == destroyed


def test_the_table_knows_every_stage() -> None:
    assert set(AT) == set(Stage)


GONE = replace(HEAD, deleted=True)


@pytest.mark.parametrize(
    ("move", "standing", "deleted"),
    [
        pytest.param(Activation(version=1), {1: "current", 2: "previous"}, NotFound, id="activation"),
        pytest.param(Revocation(version=2), {2: "revoked"}, {2: "revoked"}, id="revocation"),
        pytest.param(Destruction(versions=(1,)), {1: "destroyed"}, {1: "destroyed"}, id="destruction"),
        pytest.param(Destruction(versions=(1, 2)), ValueRefused, {1: "destroyed", 2: "destroyed"}, id="of all of it"),
        pytest.param(Deletion(), {}, NotFound, id="deletion"),
        pytest.param(Restoration(), Conflict, {}, id="restoration"),
    ],
)
def test_a_deleted_secret_may_be_emptied_and_restored_but_not_used(move: Move, standing: Any, deleted: Any) -> None:
    assert moved(move) == standing
    assert moved(move, GONE) == deleted


def test_where_the_head_stands_after_each_move() -> None:
    def head_after(move: Move, head: SecretHead = HEAD) -> SecretHead:
        after = move.after(head, MARKS)
        assert after is not None
        return after.head

    assert head_after(Activation(version=3)) == SecretHead(5, 3, 3)
    assert head_after(Revocation(version=2)) == SecretHead(5, None, 2), "none is in use; listings tell of the last"
    assert head_after(Revocation(version=1)) == HEAD
    assert head_after(Destruction(versions=(1, 3))) == HEAD
    assert head_after(Destruction(versions=(2,)), GONE) == SecretHead(5, None, 2, deleted=True)
    assert head_after(Destruction(versions=(1,)), GONE) == GONE
    assert head_after(Deletion()) == GONE
    assert head_after(Restoration(), GONE) == HEAD


def test_only_marks_that_are_new_are_written() -> None:
    assert Activation(version=1).after(HEAD, MARKS) == After(SecretHead(5, 1, 1), {})
    assert Activation(version=3).after(HEAD, MARKS) == After(SecretHead(5, 3, 3), {3: Mark.LIVE})
    assert Destruction(versions=(1, 5)).after(HEAD, MARKS) == After(HEAD, {1: Mark.DESTROYED})
    assert Deletion().after(HEAD, MARKS) == After(GONE)


NEVER = SecretHead(5, None, 2)
"""Nothing is in use."""


def test_a_version_is_in_use_again_after_none_was() -> None:
    assert moved(Activation(version=1), NEVER) == {1: "current"}
    assert moved(Destruction(versions=(2,)), NEVER) == {2: "destroyed"}


def test_a_destroyed_version_stays_current_in_no_head_though_it_is_asked_for_again() -> None:
    """A crash between a mark and its head must not leave a secret that counts as in use."""
    marks = {**MARKS, 2: Mark.DESTROYED}
    assert Destruction(versions=(2,)).after(GONE, marks) is None
    assert Revocation(version=2).after(HEAD, marks) is None


MOVES = st.one_of(
    st.builds(Activation, version=st.integers(1, 5)),
    st.builds(Revocation, version=st.integers(1, 5)),
    st.builds(Destruction, versions=st.lists(st.integers(1, 5), min_size=1, max_size=5, unique=True).map(tuple)),
    st.builds(Deletion),
    st.builds(Restoration),
)


@given(st.lists(MOVES, max_size=12))
def test_whatever_is_asked_for_the_laws_of_stages_hold(moves: list[Move]) -> None:
    head, marks = HEAD, dict(MARKS)
    for move in moves:
        try:
            after = move.after(head, marks)
        except Refusal:
            continue
        if after is None:
            continue
        then = {**marks, **after.marks}
        for version, mark in then.items():
            assert mark is Mark.DESTROYED or marks[version] is not Mark.DESTROYED, "what is gone stays gone"
            assert not mark.readable or marks[version].readable, "what may not be read may never be read again"
        assert after.head.current is None or then[after.head.current] is Mark.LIVE
        assert after.head.newest == head.newest
        head, marks = after.head, then
        if not isinstance(move, Deletion | Restoration):
            assert move.after(head, marks) is None, "a move may be asked for twice"


@pytest.mark.parametrize(
    "move",
    [Activation(version=6), Revocation(version=6), Destruction(versions=(1, 6))],
    ids=["activation", "revocation", "destruction"],
)
def test_a_version_that_never_was_is_not_found_and_nothing_moves(move: Move) -> None:
    with pytest.raises(NotFound) as refused:
        move.after(HEAD, MARKS)
    assert refused.value.detail == "there is no such version of this secret"


EVERY = [
    Activation(version=1), Revocation(version=1), Destruction(versions=(1, 3)), Deletion(), Restoration(),
]  # fmt: skip


@pytest.mark.parametrize("move", EVERY, ids=lambda move: type(move).__name__)
def test_a_secret_that_never_was_is_not_found(move: Move) -> None:
    with pytest.raises(NotFound) as refused:
        move.after(None, {})
    assert refused.value.detail == "there never was such a secret in this environment"


@pytest.mark.parametrize("move", EVERY, ids=lambda move: type(move).__name__)
def test_a_move_happens_on_the_state_that_its_asker_named(move: Move) -> None:
    head = GONE if isinstance(move, Restoration) else HEAD
    with pytest.raises(PreconditionFailed):
        replace(move, preconditions=Preconditions(if_match='"5"')).after(head, MARKS)
    if not isinstance(move, Restoration):
        assert replace(move, preconditions=Preconditions(if_match='"2"')).after(head, MARKS) is not None


@pytest.mark.parametrize(
    ("move", "rule", "words"),
    [
        (Activation(version=4), "revoked", "cannot be in use again"),
        (Activation(version=5), "revoked", "cannot be in use again"),
        (Destruction(versions=(2,)), "in_use", "activate another or revoke it first"),
    ],
    ids=["a revoked version", "a destroyed version", "the version in use"],
)
def test_a_refused_move_names_its_rule(move: Move, rule: str, words: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        move.after(HEAD, MARKS)
    (violation,) = refused.value.violations
    assert (violation.path, violation.rule) == ("/version", rule)
    assert words in violation.message
    assert refused.value.detail == "this version cannot be moved so"


def test_what_is_not_there_for_its_readers_says_so() -> None:
    for move in (Activation(version=1), Deletion()):
        with pytest.raises(NotFound, match="there is no such secret in this environment"):
            move.after(GONE, MARKS)
    with pytest.raises(Conflict, match="this secret is not deleted: there is nothing to restore"):
        Restoration().after(HEAD, MARKS)


@pytest.mark.parametrize(
    ("move", "change_type", "version", "versions"),
    [
        (Activation(version=3, reason="why"), ChangeType.ACTIVATE, 3, [3]),
        (Revocation(version=1, reason="why"), ChangeType.REVOKE, 1, [1]),
        (Destruction(versions=(4, 1), reason="why"), ChangeType.DESTROY, 4, [4, 1]),
        (Deletion(reason="why"), ChangeType.DELETE, 2, []),
        (Restoration(reason="why"), ChangeType.RESTORE, 2, []),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Move) else None,
)
def test_the_record_of_a_move_says_what_moved_and_why(
    move: Move, change_type: ChangeType, version: int, versions: list[int]
) -> None:
    entry = JournalEntry(
        id="entry-1",
        at="2026-01-02T03:04:05.000Z",
        tenant=TenantId("01M7XB2CPDX901Z538HPJ3CH8B"),
        event_type="secret.write",
        severity="info",
        actor=Actor("user:a", "user", ()),
        action="secrets:write",
        resource=Resource("secrets", "team/key", "production"),
        result=Result("success"),
        request_id="request-1",
    )
    told = move.told(entry, HEAD, at="2026-01-02T03:04:06.000Z", revision=7)
    assert told.at == "2026-01-02T03:04:06.000Z"
    assert told.metadata == {
        "change_type": change_type,
        "version": version,
        "previous_version": 2,
        "revision": 7,
        "reason": "why",
        "versions": versions,
    }
