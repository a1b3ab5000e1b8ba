"""ports/namespace_writer.py, promise by promise."""

import pytest

from llm_config_domain.configs.changes import Deletion
from llm_config_domain.errors import Conflict, IdempotencyMismatch, NotFound, PreconditionFailed, Unauthenticated
from llm_config_domain.names import TenantId
from llm_config_domain.secrets.lifecycle import Deletion as SecretDeletion
from llm_config_domain.versions import ChangeType, Preconditions
from tests.support.families import HomeUnderTest
from tests.support.samples import (
    ANYHOW,
    change_config,
    entry_about,
    name_of,
    promise,
    put_config,
    put_namespace,
    put_secret,
    undescribe,
)


def test_what_is_said_is_said_in_place_of_what_was_said(home: HomeUnderTest, acme: TenantId) -> None:
    first = put_namespace(home, acme, "a", description="one", contacts=("ana",), tags={"k": "v"}).version
    second = put_namespace(home, acme, "a", owner_team="team").version
    assert home.provide("namespace_reader").entry(acme, "a") == second
    assert first.said is not None
    assert second.said is not None
    assert (second.said.description, second.said.owner_team, second.said.contacts, dict(second.said.tags)) == (
        None,
        "team",
        (),
        {},
    )
    assert (second.said.version, second.said.created_at) == (2, first.said.created_at)
    assert second.said.updated_at > first.said.updated_at


def test_each_change_has_its_entry_and_the_next_revision_of_the_control_line(
    home: HomeUnderTest, acme: TenantId
) -> None:
    put_namespace(home, acme, "a", description="a description", reason="why")
    put_namespace(home, acme, "a")
    undescribe(home, acme, "a")
    put_namespace(home, acme, "a")
    told = home.changes(acme, "namespaces")
    kinds = ["created", "updated", "deleted", "created"]
    assert [entry.event_type for entry in told] == [f"namespace.{kind}" for kind in kinds]
    assert [(entry.metadata["version"], entry.metadata["revision"]) for entry in told] == [
        (1, 2),
        (2, 3),
        (3, 4),
        (4, 5),
    ]
    assert told[0].metadata["reason"] == "why"
    assert "a description" not in str(told)


def test_a_lost_precondition_writes_nothing(home: HomeUnderTest, acme: TenantId) -> None:
    put_namespace(home, acme, "a")
    for preconditions in (Preconditions(if_match='"2"'), Preconditions(if_none_match="*")):
        with pytest.raises(PreconditionFailed):
            put_namespace(home, acme, "a", preconditions=preconditions)
        if preconditions.if_match:
            with pytest.raises(PreconditionFailed):
                undescribe(home, acme, "a", preconditions)
    with pytest.raises(PreconditionFailed):
        put_namespace(home, acme, "b", preconditions=Preconditions(if_match="*"))
    assert len(home.changes(acme, "namespaces")) == 1


def test_a_namespace_that_holds_something_keeps_what_is_said_about_it(home: HomeUnderTest, acme: TenantId) -> None:
    put_config(home, name_of(acme, "a/key"))
    put_config(home, name_of(acme, "a/other"))
    put_secret(home, name_of(acme, "a/key"))
    said = put_namespace(home, acme, "a").version
    change_config(home, name_of(acme, "a/key"), Deletion)
    with pytest.raises(Conflict):
        undescribe(home, acme, "a")
    change_config(home, name_of(acme, "a/other"), Deletion)
    with pytest.raises(Conflict):
        undescribe(home, acme, "a")
    assert home.provide("namespace_reader").entry(acme, "a").said == said.said
    name = name_of(acme, "a/key")
    move = SecretDeletion(reason=None, preconditions=ANYHOW)
    home.provide("secret_writer").move(name, move, entry=entry_about(home, "secrets", name), idempotency=None)
    gone = undescribe(home, acme, "a").version
    assert (gone.said, gone.exists) == (None, True)


def test_what_stands_in_a_neighbour_does_not_count(home: HomeUnderTest, acme: TenantId) -> None:
    for path in ("a/b/key", "a-b/key", "aa/key"):
        put_config(home, name_of(acme, path))
    put_config(home, name_of(home.tenant("globex"), "a/key"))
    put_namespace(home, acme, "a")
    assert not undescribe(home, acme, "a").version.exists


def test_nothing_said_cannot_be_deleted(home: HomeUnderTest, acme: TenantId) -> None:
    put_config(home, name_of(acme, "a/key"))
    put_namespace(home, acme, "b")
    undescribe(home, acme, "b")
    for name in ("a", "b", "c"):
        with pytest.raises(NotFound):
            undescribe(home, acme, name)


def test_a_repeated_idempotency_key_answers_as_the_first_time(home: HomeUnderTest, acme: TenantId) -> None:
    once = promise(acme, "k", operation="put_namespace")
    first = put_namespace(home, acme, "a", description="one", idempotency=once)
    put_namespace(home, acme, "a", description="two")
    again = put_namespace(home, acme, "a", description="one", idempotency=once)
    assert (again.version, again.replayed) == (first.version, True)
    assert again.version.metadata is not None
    assert again.version.metadata.change_type is ChangeType.CREATE
    with pytest.raises(IdempotencyMismatch):
        put_namespace(home, acme, "a", idempotency=promise(acme, "k", b"other", operation="put_namespace"))
    assert len(home.changes(acme, "namespaces")) == 2


def test_a_tenant_that_is_not_active_says_nothing(home: HomeUnderTest, acme: TenantId) -> None:
    put_namespace(home, acme, "a")
    home.suspend(acme)
    with pytest.raises(Unauthenticated):
        put_namespace(home, acme, "a")
    with pytest.raises(Unauthenticated):
        undescribe(home, acme, "a")
    assert len(home.changes(acme, "namespaces")) == 1
