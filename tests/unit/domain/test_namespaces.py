"""What is said about a namespace: how it comes, changes and goes, and what it refuses."""

from dataclasses import replace

import pytest

from llm_config_domain.errors import Conflict, NotFound, PreconditionFailed
from llm_config_domain.namespaces import Namespace, NamespaceDraft, NamespaceMetadata
from llm_config_domain.versions import ABSENT, ChangeType, Head, Preconditions

ANYHOW = Preconditions()
AT, LATER, LAST = (f"2026-01-02T03:04:0{second}.000Z" for second in (5, 6, 7))
DRAFT = NamespaceDraft(
    author="user:a",
    description="models",
    owner_team="ml",
    contacts=("a@b.c",),
    tags={"t": "1"},
    reason="new",
    staleness_bound_seconds=0,
)
FIRST = NamespaceMetadata(
    version=1,
    change_type=ChangeType.CREATE,
    description="models",
    owner_team="ml",
    contacts=("a@b.c",),
    tags={"t": "1"},
    reason="new",
    created_at=AT,
    created_by="user:a",
    updated_at=AT,
    updated_by="user:a",
    staleness_bound_seconds=0,
)
GONE = replace(
    FIRST, version=2, change_type=ChangeType.DELETE, description=None, owner_team=None, contacts=(), tags={},
    staleness_bound_seconds=None, reason="over", updated_at=LATER, updated_by="user:b",
)  # fmt: skip
UNSAID = Namespace("team", None)
SAID = Namespace("team", FIRST, configs_revision=3)
UNSAID_AGAIN = Namespace("team", GONE)
END = NamespaceDraft(author="user:b", reason="over")


def test_what_is_said_first_is_all_of_the_draft() -> None:
    assert UNSAID.described(DRAFT, ANYHOW, AT) == FIRST


def test_what_is_said_next_replaces_all_of_it_but_who_began() -> None:
    told = SAID.described(NamespaceDraft(author="user:b"), ANYHOW, LATER)
    assert told == NamespaceMetadata(
        version=2, change_type=ChangeType.UPDATE, description=None, owner_team=None, contacts=(), tags={}, reason=None,
        created_at=AT, created_by="user:a", updated_at=LATER, updated_by="user:b",
    )  # fmt: skip


def test_what_is_said_after_a_deletion_begins_anew_and_counts_on() -> None:
    told = UNSAID_AGAIN.described(DRAFT, ANYHOW, LAST)
    assert told == replace(FIRST, version=3, created_at=LAST, updated_at=LAST)


def test_a_deletion_says_nothing_any_more_but_who_and_why() -> None:
    assert SAID.undescribed(END, ANYHOW, LATER, holds=False) == GONE


@pytest.mark.parametrize("namespace", [UNSAID, UNSAID_AGAIN], ids=["never said", "deleted"])
@pytest.mark.parametrize("holds", [True, False])
def test_nothing_is_deleted_where_nothing_is_said(namespace: Namespace, holds: bool) -> None:
    with pytest.raises(NotFound) as refused:
        namespace.undescribed(END, ANYHOW, LATER, holds=holds)
    assert refused.value.detail == "nothing is said about this namespace"


def test_what_holds_something_is_not_deleted() -> None:
    with pytest.raises(Conflict) as refused:
        SAID.undescribed(END, ANYHOW, LATER, holds=True)
    assert refused.value.detail == "the namespace holds configs or secrets: delete them first"


@pytest.mark.parametrize("namespace", [UNSAID, SAID, UNSAID_AGAIN], ids=["never said", "said", "deleted"])
def test_preconditions_come_first(namespace: Namespace) -> None:
    stale = Preconditions(if_match='"9"')
    with pytest.raises(PreconditionFailed):
        namespace.described(DRAFT, stale, LATER)
    with pytest.raises(PreconditionFailed):
        namespace.undescribed(END, stale, LATER, holds=True)


@pytest.mark.parametrize(
    ("namespace", "said", "head", "etag", "exists"),
    [
        (UNSAID, None, ABSENT, None, False),
        (SAID, FIRST, Head(1), '"1"', True),
        (UNSAID_AGAIN, None, Head(2, deleted=True), None, False),
        (Namespace("team", FIRST), FIRST, Head(1), '"1"', True),
        (Namespace("team", None, configs_revision=1), None, ABSENT, None, True),
        (Namespace("team", GONE, secrets_revision=1), None, Head(2, deleted=True), None, True),
    ],
)
def test_a_namespace_is_there_once_something_was_written_in_it_or_is_said_of_it(
    namespace: Namespace, said: NamespaceMetadata | None, head: Head, etag: str | None, exists: bool
) -> None:
    assert (namespace.said, namespace.head, namespace.etag, namespace.exists) == (said, head, etag, exists)
    if exists:
        assert namespace.required() is namespace
    else:
        with pytest.raises(NotFound) as refused:
            namespace.required()
        assert refused.value.detail == "there is no such namespace"


@pytest.mark.parametrize("namespace", [UNSAID, SAID, UNSAID_AGAIN], ids=["never said", "said", "deleted"])
def test_a_namespace_comes_back_whole_from_its_record(namespace: Namespace) -> None:
    record = namespace.to_record()
    if record["metadata"]:
        record["metadata"] = {**record["metadata"], "change_type": str(record["metadata"]["change_type"])}
        record["metadata"]["contacts"] = list(record["metadata"]["contacts"])
    back = Namespace.from_record(record)
    assert back == namespace
    assert back.metadata is None or isinstance(back.metadata.change_type, ChangeType)


def test_what_is_said_comes_back_whole_from_its_record() -> None:
    assert NamespaceMetadata.from_record({**FIRST.to_record(), "contacts": ["a@b.c"]}) == FIRST


def test_the_record_of_a_change_says_what_it_was_and_why_and_not_what_is_said() -> None:
    assert GONE.told == {"change_type": "delete", "version": 2, "reason": "over"}


def test_the_record_of_a_change_tells_the_bound_where_one_is_said() -> None:
    assert FIRST.told == {"change_type": ChangeType.CREATE, "version": 1, "reason": "new", "staleness_bound_seconds": 0}
    assert GONE.told == {"change_type": ChangeType.DELETE, "version": 2, "reason": "over"}


def test_what_was_kept_before_there_were_bounds_says_nothing_of_them() -> None:
    record = FIRST.to_record()
    del record["staleness_bound_seconds"]
    assert NamespaceMetadata.from_record(record).staleness_bound_seconds is None
