"""Versions of a secret: which one is in use once another is written, and what the record says."""

from dataclasses import replace

import pytest

from llm_config_domain.errors import Conflict, UnsupportedMediaType
from llm_config_domain.journal import Actor, JournalEntry, Result
from llm_config_domain.names import Name, TenantId
from llm_config_domain.policy import Resource
from llm_config_domain.rotation.settings import SettingsDraft
from llm_config_domain.secrets.entries import (
    NO_HEAD,
    Mark,
    SecretDraft,
    SecretHead,
    SecretMetadata,
    SecretType,
    SecretVersion,
    Stage,
    head_with,
    next_version,
)
from llm_config_domain.secrets.values import Sealed
from llm_config_domain.versions import ChangeType

NAME = Name(TenantId("01M7XB2CPDX901Z538HPJ3CH8B"), "team", "key", "production")
AT, LATER = "2026-01-02T03:04:05.000Z", "2026-01-02T03:04:06.000Z"
DRAFT = SecretDraft(author="user:a", new_id="id-1", type=SecretType.API_KEY, version_id="v-1", reason="why")
WAITING = replace(DRAFT, version_id="v-2", author="user:b", activate=False)
STANDING = SecretHead(newest=3, current=2, shown=2)
DELETED = replace(STANDING, deleted=True)


def written(head: SecretHead, draft: SecretDraft, shown: SecretMetadata | None = None) -> SecretVersion:
    return next_version(NAME, head, shown, draft, Sealed(b"sealed"), revision=7, at=LATER)


@pytest.mark.parametrize(
    ("head", "draft", "stage", "change_type", "then"),
    [
        (NO_HEAD, DRAFT, Stage.CURRENT, ChangeType.CREATE, SecretHead(1, 1, 1)),
        (NO_HEAD, WAITING, Stage.PENDING, ChangeType.CREATE, SecretHead(1, None, 1)),
        (STANDING, DRAFT, Stage.CURRENT, ChangeType.UPDATE, SecretHead(4, 4, 4)),
        (STANDING, WAITING, Stage.PENDING, ChangeType.UPDATE, SecretHead(4, 2, 2)),
        (DELETED, DRAFT, Stage.CURRENT, ChangeType.CREATE, SecretHead(4, 4, 4)),
        (DELETED, WAITING, Stage.PENDING, ChangeType.CREATE, SecretHead(4, None, 4)),
    ],
    ids=["first", "first, waiting", "next", "next, waiting", "after a deletion", "after a deletion, waiting"],
)
def test_a_new_version_is_in_use_or_waits_and_nothing_deleted_comes_back_with_it(
    head: SecretHead, draft: SecretDraft, stage: Stage, change_type: ChangeType, then: SecretHead
) -> None:
    new = written(head, draft)
    assert (new.version, new.stage, new.change_type) == (head.newest + 1, stage, change_type)
    assert head_with(head, new) == then


def entry() -> JournalEntry:
    return JournalEntry(
        id="entry-1",
        at=AT,
        tenant=NAME.tenant,
        event_type="secret.write",
        severity="info",
        actor=Actor("user:a", "user", ()),
        action="secrets:write",
        resource=Resource("secrets", "team/key", "production"),
        result=Result("success"),
        request_id="request-1",
    )


@pytest.mark.parametrize(
    ("head", "draft", "event_type"),
    [
        (NO_HEAD, DRAFT, "secret.created"),
        (NO_HEAD, WAITING, "secret.created"),
        (STANDING, DRAFT, "secret.rotated"),
        (STANDING, WAITING, "secret.version_added"),
    ],
)
def test_a_version_that_waits_is_no_rotation_yet(head: SecretHead, draft: SecretDraft, event_type: str) -> None:
    new = written(head, draft)
    told = new.told(entry())
    assert (told.event_type, told.at, told.resource) == (event_type, LATER, entry().resource)
    assert told.metadata == {
        "change_type": new.change_type,
        "version": new.version,
        "previous_version": new.version - 1 or None,
        "revision": 7,
        "reason": "why",
        "version_id": draft.version_id,
    }


def test_what_is_known_of_a_version_comes_back_whole_and_holds_nothing_sealed() -> None:
    new = written(NO_HEAD, DRAFT)
    record = new.to_record()
    assert not {"name", "sealed", "stage"} & set(record)
    metadata = SecretMetadata.from_record(NAME, {**record, "type": "api_key", "change_type": "create"}, Stage.PREVIOUS)
    assert metadata == replace(new.metadata, stage=Stage.PREVIOUS)
    assert isinstance(metadata.type, SecretType) and isinstance(metadata.change_type, ChangeType)
    assert type(metadata) is SecretMetadata and metadata.to_record() == record
    assert SecretVersion.whole(NAME, record, Sealed(b"sealed"), Stage.CURRENT) == new


def test_a_secret_tells_when_it_rotates_next_beside_what_its_version_holds() -> None:
    said = SettingsDraft(schedule="1h").over(NAME, None, AT)
    head = said.shown_by(STANDING)
    new = written(head, WAITING)
    assert head == replace(STANDING, next_rotation_at=said.next_at)
    assert (new.next_rotation_at, new.metadata.next_rotation_at) == (said.next_at, said.next_at)
    assert head_with(head, new).next_rotation_at == said.next_at and "next_rotation_at" not in new.to_record()
    found = head.metadata(NAME, new.to_record(), Mark.LIVE)
    assert (found.stage, found.next_rotation_at) == (Stage.PREVIOUS, said.next_at)
    assert SecretMetadata.as_told(NAME, new.to_record(), new.receipt) == new.metadata


def test_a_time_that_was_served_is_not_passed_over_again() -> None:
    said = SettingsDraft(schedule="1h").over(NAME, None, AT)
    assert said.next_at is not None
    passed = SettingsDraft(due=said.next_at).over(NAME, said, said.next_at)
    assert passed.next_at is not None and passed.next_at > said.next_at
    for was in (passed, None):
        with pytest.raises(Conflict):
            SettingsDraft(due=said.next_at).over(NAME, was, said.next_at)


def test_a_refused_media_type_says_which_ones_are_taken() -> None:
    refusal = UnsupportedMediaType("send a patch", accepted=["application/json-patch+json"], limit=3)
    assert (refusal.accepted, refusal.detail, refusal.limit) == (("application/json-patch+json",), "send a patch", 3)
    assert UnsupportedMediaType().accepted == ()
    assert UnsupportedMediaType().detail == "Send the body as application/json"
