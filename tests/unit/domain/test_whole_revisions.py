"""A page of the journal's line ends between two revisions, never inside one."""

from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_config_domain.journal import Actor, JournalEntry, Result, whole_revisions
from llm_config_domain.names import TenantId
from llm_config_domain.policy import Resource


def entry(number: int, revision: int) -> JournalEntry:
    return JournalEntry(
        id=f"entry-{number}",
        at="2026-01-02T03:04:05.000Z",
        tenant=TenantId("01M7XB2CPDX901Z538HPJ3CH8B"),
        event_type="config.updated",
        severity="info",
        actor=Actor("user:a", "user", ()),
        action="configs:write",
        resource=Resource("configs", "team/key", "production"),
        result=Result("success"),
        request_id="request-1",
        metadata={"revision": revision},
    )


def entries(revisions: list[int]) -> list[JournalEntry]:
    return [entry(number, revision) for number, revision in enumerate(revisions)]


def page(revisions: list[int], limit: int) -> list[int]:
    return [kept.metadata["revision"] for kept in whole_revisions(entries(revisions), limit)]


@pytest.mark.parametrize(
    ("revisions", "limit", "kept"),
    [
        ([], 1, []),
        ([1], 1, [1]),
        ([1, 2, 3], 2, [1, 2]),
        ([1, 2, 3], 3, [1, 2, 3]),
        ([1, 2, 2, 3], 2, [1]),
        ([1, 2, 2, 3], 3, [1, 2, 2]),
        ([1, 1, 1, 2], 2, [1, 1, 1]),
        ([1, 1, 1], 1, [1, 1, 1]),
        ([1, 2, 2], 2, [1]),
        ([4, 4, 7, 7, 7], 4, [4, 4]),
    ],
)
def test_a_page_holds_whole_revisions(revisions: list[int], limit: int, kept: list[int]) -> None:
    assert page(revisions, limit) == kept


REVISIONS = st.lists(st.integers(1, 5), max_size=8).map(
    lambda sizes: [revision for revision, size in enumerate(sizes, 1) for _ in range(size)]
)


@given(REVISIONS, st.integers(1, 12))
def test_no_revision_is_ever_split_and_as_many_are_kept_as_fit(revisions: list[int], limit: int) -> None:
    every = entries(revisions)
    kept = whole_revisions(every, limit)
    assert kept == every[: len(kept)], "in their order, from the first"
    groups = [list(group) for _, group in groupby(every, key=lambda one: one.metadata["revision"])]
    ends = {sum(map(len, groups[:count])) for count in range(len(groups) + 1)}
    assert len(kept) in ends
    first = len(groups[0]) if groups else 0
    assert len(kept) == max((end for end in ends if end <= max(limit, first)), default=0)


@given(REVISIONS, st.integers(1, 12))
def test_page_after_page_everything_is_told_once(revisions: list[int], limit: int) -> None:
    left, told = entries(revisions), list[JournalEntry]()
    while left:
        kept = whole_revisions(left, limit)
        assert kept, "a page gets on"
        told, left = told + kept, left[len(kept) :]
    assert told == entries(revisions)


def test_no_more_is_read_than_is_needed_to_know_where_a_page_ends() -> None:
    lazily = iter(entries([1, 2, 2, 3, 4]))
    whole_revisions(lazily, 2)
    assert next(lazily).metadata["revision"] == 3
