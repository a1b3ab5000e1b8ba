"""Versions, preconditions, journal entries and events, as laws."""

import json
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from llm_config_domain.configs.entries import ConfigDraft, ConfigVersion, next_version
from llm_config_domain.errors import Conflict, PreconditionFailed
from llm_config_domain.events import PUBLISHED_TYPES, cloud_event
from llm_config_domain.journal import Actor, JournalEntry, Result
from llm_config_domain.names import Name, TenantId
from llm_config_domain.policy import Resource
from llm_config_domain.versions import ABSENT, ChangeType, Head, Preconditions, etag, head_of

NAME = Name(TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAV"), "team", "key", "production")
TEXT = st.text(max_size=12)
STEPS = st.lists(st.booleans(), min_size=1, max_size=12)
"""True: a draft; False: the newest version is a deletion from now on."""
HEADS = st.builds(Head, st.integers(1, 6), st.booleans()) | st.just(ABSENT)
TAGS = st.sampled_from(["*", '"1"', '"2"', '"3"', 'W/"2"', '"1", "2"', '"2" , W/"3"', "2", '"2', ""])
PRECONDITIONS = st.builds(Preconditions, st.none() | TAGS, st.none() | TAGS, st.booleans())


def grown(steps: list[bool]) -> list[ConfigVersion]:
    """What a sequence of drafts and deletions makes, oldest first."""
    made: list[ConfigVersion] = []
    for number, is_draft in enumerate(steps, 1):
        draft = ConfigDraft(value=str(number), author=f"user:{number}", new_id=f"id-{number}")
        at = f"2026-01-02T03:04:{number:02}.000Z"
        version = next_version(NAME, made[-1] if made else None, draft, revision=number, at=at)
        made.append(version if is_draft or not made else replace(version, change_type=ChangeType.DELETE))
    return made


@given(STEPS)
def test_any_sequence_of_drafts_and_deletions_is_gap_free(steps: list[bool]) -> None:
    assert [version.version for version in grown(steps)] == list(range(1, len(steps) + 1))


@given(STEPS)
def test_a_name_keeps_its_id_and_its_first_author_for_life(steps: list[bool]) -> None:
    kept = {(version.id, version.created_at, version.created_by) for version in grown(steps)}
    assert kept == {("id-1", "2026-01-02T03:04:01.000Z", "user:1")}


@given(STEPS)
def test_a_draft_creates_on_nothing_and_on_a_deletion_and_updates_on_the_rest(steps: list[bool]) -> None:
    made = grown(steps)
    for before, version in zip([None, *made], made, strict=False):
        if version.change_type is not ChangeType.DELETE:
            assert (version.change_type is ChangeType.CREATE) == head_of(before).deleted


@given(STEPS)
def test_a_version_is_itself_again_from_its_record(steps: list[bool]) -> None:
    for version in grown(steps):
        record = json.loads(json.dumps(version.to_record()))
        assert ConfigVersion.whole(NAME, record, version.value) == version


def holds(preconditions: Preconditions, head: Head) -> bool:
    try:
        preconditions.check(head)
    except (PreconditionFailed, Conflict):
        return False
    return True


@given(PRECONDITIONS, HEADS)
def test_preconditions_hold_together_when_each_holds_alone(asked: Preconditions, head: Head) -> None:
    alone = [
        Preconditions(if_match=asked.if_match),
        Preconditions(if_none_match=asked.if_none_match),
        Preconditions(must_be_new=asked.must_be_new),
    ]
    assert holds(asked, head) == all(holds(one, head) for one in alone)


@given(TAGS, HEADS)
def test_a_strong_match_and_its_negation_never_hold_both(tag: str, head: Head) -> None:
    assert not (holds(Preconditions(if_match=tag), head) and holds(Preconditions(if_none_match=tag), head))


@given(HEADS)
def test_new_and_none_match_any_are_the_same_question(head: Head) -> None:
    assert holds(Preconditions(must_be_new=True), head) == holds(Preconditions(if_none_match="*"), head)
    assert holds(Preconditions(if_match="*"), head) != holds(Preconditions(if_none_match="*"), head)


@given(HEADS, st.integers(1, 6))
def test_exactly_one_version_satisfies_a_compare_and_set(head: Head, version: int) -> None:
    assert holds(Preconditions(if_match=etag(version)), head) == (not head.deleted and head.version == version)


METADATA: st.SearchStrategy[dict[str, Any]] = st.dictionaries(TEXT, st.none() | st.integers() | TEXT, max_size=4)
ENTRIES = st.builds(
    JournalEntry,
    id=TEXT,
    at=st.just("2026-01-02T03:04:05.678Z"),
    tenant=st.just(NAME.tenant),
    event_type=st.sampled_from([*sorted(PUBLISHED_TYPES), "config.read", "secret.accessed"]),
    severity=st.sampled_from(["info", "warning"]),
    actor=st.builds(Actor, TEXT, st.just("user"), st.lists(TEXT, max_size=3).map(tuple)),
    action=TEXT,
    resource=st.builds(Resource, st.sampled_from(["configs", "secrets", "tenants"]), TEXT, st.none() | TEXT),
    result=st.builds(Result, st.just("success"), st.integers(0, 9)),
    request_id=TEXT,
    metadata=METADATA,
)


@given(ENTRIES)
def test_a_journal_entry_is_itself_again_from_its_json(entry: JournalEntry) -> None:
    assert JournalEntry.from_record(json.loads(json.dumps(entry.to_record()))) == entry


@given(ENTRIES)
def test_an_event_is_made_the_same_from_an_entry_that_was_stored(entry: JournalEntry) -> None:
    stored = JournalEntry.from_record(json.loads(json.dumps(entry.to_record())))
    event = cloud_event(entry)
    assert cloud_event(stored) == event
    assert (event is None) == (entry.event_type in ("config.read", "secret.accessed"))
    if event is not None:
        assert (event["id"], event["time"], event["data"]["tenant_id"]) == (entry.id, entry.at, entry.tenant)
        assert set(entry.metadata) & set(event["data"]) <= {"version", "previous_version", "revision", "change_type"}


@given(ENTRIES, TEXT)
def test_an_event_says_nothing_that_metadata_brings_beyond_the_version(entry: JournalEntry, text: str) -> None:
    told = entry.with_metadata(reason=text + "-told", value=text, surprise=text)
    assert cloud_event(told) == cloud_event(entry)
