"""ports/config_writer.py, promise by promise."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from llm_config_domain import json_text
from llm_config_domain.configs.changes import Amendment, Change, Deletion, Replacement, Restoration, Rollback
from llm_config_domain.errors import (
    Conflict,
    IdempotencyMismatch,
    NotFound,
    PreconditionFailed,
    Refusal,
    Unauthenticated,
    ValueRefused,
)
from llm_config_domain.names import PLATFORM, TenantId
from llm_config_domain.versions import ChangeType, Moment, Preconditions
from tests.support.families import HomeUnderTest
from tests.support.samples import change_config, name_of, promise, put_config, step

DAY = 24 * 3600
PLAIN: dict[str, Any] = {"classification": "internal", "tags": {}}


def test_versions_count_from_one_and_the_first_one_creates(home: HomeUnderTest, acme: TenantId) -> None:
    done = [put_config(home, name_of(acme), value).version for value in ("1", "2", "3")]
    assert [(new.version, new.change_type) for new in done] == [
        (1, ChangeType.CREATE),
        (2, ChangeType.UPDATE),
        (3, ChangeType.UPDATE),
    ]


def test_a_name_keeps_its_id_and_its_first_author_for_life(home: HomeUnderTest, acme: TenantId) -> None:
    first, second = (put_config(home, name_of(acme), value).version for value in ("1", "2"))
    assert (second.id, second.created_at, second.created_by) == (first.id, first.created_at, first.created_by)


def test_what_was_written_is_what_is_read(home: HomeUnderTest, acme: TenantId) -> None:
    done = put_config(home, name_of(acme), '{"a":1}', reason="why", classification="public", tags={"team": "core"})
    assert home.provide("config_reader").entry(name_of(acme)) == done.version


def test_versions_are_gap_free_under_four_writers(home: HomeUnderTest, acme: TenantId) -> None:
    with ThreadPoolExecutor(4) as writers:
        done = list(writers.map(lambda number: put_config(home, name_of(acme), str(number)).version, range(12)))
    assert sorted(new.version for new in done) == list(range(1, 13))
    assert sorted(new.revision for new in done) == list(range(1, 13))
    assert len(home.changes(acme)) == 12


def test_writers_of_different_names_share_the_line_of_their_namespace(home: HomeUnderTest, acme: TenantId) -> None:
    with ThreadPoolExecutor(4) as writers:
        done = list(writers.map(lambda key: put_config(home, name_of(acme, f"gateway/{key}")).version, "abcdefgh"))
    assert {new.version for new in done} == {1}
    assert sorted(new.revision for new in done) == list(range(1, 9))


def test_two_writers_with_the_same_if_match_one_wins_the_other_is_told(home: HomeUnderTest, acme: TenantId) -> None:
    put_config(home, name_of(acme), "0")
    start = Barrier(2)

    def write(value: str) -> object:
        start.wait()
        try:
            return put_config(home, name_of(acme), value, preconditions=Preconditions(if_match='"1"')).version.version
        except PreconditionFailed as refusal:
            return refusal.kind

    with ThreadPoolExecutor(2) as writers:
        assert sorted(map(str, writers.map(write, ("1", "2")))) == ["2", "precondition_failed"]
    assert home.provide("config_reader").entry(name_of(acme)).version == 2


@pytest.mark.parametrize(
    ("preconditions", "refusal"),
    [
        pytest.param(Preconditions(if_match='"7"'), PreconditionFailed, id="If-Match of another version"),
        pytest.param(Preconditions(if_none_match="*"), PreconditionFailed, id="If-None-Match star on an existing name"),
        pytest.param(Preconditions(must_be_new=True), Conflict, id="a name that must be new"),
    ],
)
def test_a_refused_write_leaves_nothing(
    home: HomeUnderTest, acme: TenantId, preconditions: Preconditions, refusal: type[Refusal]
) -> None:
    before = put_config(home, name_of(acme), "1").version
    with pytest.raises(refusal):
        put_config(home, name_of(acme), "2", preconditions=preconditions, idempotency=promise(acme, "k"))
    reader = home.provide("config_reader")
    assert reader.entry(name_of(acme)) == before
    assert reader.layers(acme, "gateway", "primary").revision == 1
    assert len(home.changes(acme)) == 1
    again = put_config(home, name_of(acme), "2", idempotency=promise(acme, "k"))
    assert (again.version.version, again.replayed) == (2, False)


def test_if_match_on_an_absent_name_is_refused(home: HomeUnderTest, acme: TenantId) -> None:
    with pytest.raises(PreconditionFailed):
        put_config(home, name_of(acme), preconditions=Preconditions(if_match="*"))
    assert home.changes(acme) == []


def test_the_journal_entry_rides_with_the_change_exactly_one_a_version(home: HomeUnderTest, acme: TenantId) -> None:
    done = [put_config(home, name_of(acme), value, reason=f"r{value}").version for value in ("1", "2")]
    told = home.changes(acme)
    assert [entry.event_type for entry in told] == ["config.created", "config.updated"]
    assert [entry.at for entry in told] == [new.updated_at for new in done]
    assert dict(told[1].metadata) == {
        "change_type": "update",
        "version": 2,
        "previous_version": 1,
        "revision": 2,
        "reason": "r2",
        "value_sha256": hashlib.sha256(b"2").hexdigest(),
    }


def test_a_repeated_idempotency_key_answers_as_the_first_time(home: HomeUnderTest, acme: TenantId) -> None:
    first = put_config(home, name_of(acme), "1", idempotency=promise(acme, "k"))
    again = put_config(home, name_of(acme), "1", idempotency=promise(acme, "k"))
    assert (first.replayed, again.replayed) == (False, True)
    assert again.version == first.version
    assert len(home.changes(acme)) == 1


def test_it_answers_as_the_first_time_after_later_writes_too(home: HomeUnderTest, acme: TenantId) -> None:
    first = put_config(home, name_of(acme), "1", idempotency=promise(acme, "k"))
    put_config(home, name_of(acme), "2")
    again = put_config(home, name_of(acme), "1", idempotency=promise(acme, "k"))
    assert (again.version, again.replayed) == (first.version, True)


def test_another_body_with_the_same_key_is_refused(home: HomeUnderTest, acme: TenantId) -> None:
    put_config(home, name_of(acme), "1", idempotency=promise(acme, "k", b"one"))
    with pytest.raises(IdempotencyMismatch):
        put_config(home, name_of(acme), "2", idempotency=promise(acme, "k", b"two"))
    assert home.provide("config_reader").entry(name_of(acme)).version == 1


@pytest.mark.parametrize("other", ["tenant", "operation", "key"])
def test_a_promise_of_another_tenant_operation_or_key_is_another_promise(
    home: HomeUnderTest, acme: TenantId, other: str
) -> None:
    globex = home.tenant("globex")
    put_config(home, name_of(acme), "1", idempotency=promise(acme, "k#1", b"one"))
    theirs = {
        "tenant": promise(globex, "k#1", b"two"),
        "operation": promise(acme, "k#1", b"two", "move_config"),
        "key": promise(acme, "k#1#", b"two"),
    }[other]
    done = put_config(home, name_of(globex if other == "tenant" else acme, "a/b"), "2", idempotency=theirs)
    assert (done.version.version, done.replayed) == (1, False)


def test_of_equal_requests_at_once_one_writes_and_the_others_hear_of_it(home: HomeUnderTest, acme: TenantId) -> None:
    with ThreadPoolExecutor(4) as writers:
        done = list(
            writers.map(lambda _: put_config(home, name_of(acme), "1", idempotency=promise(acme, "k")), range(4))
        )
    assert sorted(one.replayed for one in done) == [False, True, True, True]
    assert len({one.version.id for one in done}) == 1
    assert len(home.changes(acme)) == 1


def test_a_promise_ends_after_a_day_and_the_key_is_free_again(home: HomeUnderTest, acme: TenantId) -> None:
    put_config(home, name_of(acme), "1", idempotency=promise(acme, "k", b"one"))
    home.clock.step(DAY - 60)
    assert put_config(home, name_of(acme), "1", idempotency=promise(acme, "k", b"one")).replayed
    home.clock.step(61)
    done = put_config(home, name_of(acme), "2", idempotency=promise(acme, "k", b"two"))
    assert (done.version.version, done.replayed) == (2, False)
    assert put_config(home, name_of(acme), "2", idempotency=promise(acme, "k", b"two")).replayed


def test_time_never_goes_back_in_a_namespace(home: HomeUnderTest, acme: TenantId) -> None:
    stamps = [put_config(home, name_of(acme), "1").version.updated_at]
    home.clock.step(-3600)
    stamps += [put_config(home, name_of(acme, f"gateway/{key}")).version.updated_at for key in "ab"]
    assert stamps == sorted(set(stamps))
    put_config(home, name_of(acme, "elsewhere/key"))  # another namespace has a line of its own


@pytest.mark.parametrize("size", [32 * 1024, 32 * 1024 + 1, 1024 * 1024])
def test_a_large_value_comes_back_exactly(home: HomeUnderTest, acme: TenantId, size: int) -> None:
    value = json_text.write("é" + "x" * (size - 4))
    assert len(value.encode()) == size
    done = put_config(home, name_of(acme), value)
    put_config(home, name_of(acme), "2")
    reader = home.provide("config_reader")
    assert reader.entry(name_of(acme), 1) == done.version
    assert reader.entry(name_of(acme), 1).value == value


def test_a_large_value_is_replayed_and_resolved_too(home: HomeUnderTest, acme: TenantId) -> None:
    value = json_text.write("x" * 40_000)
    put_config(home, name_of(acme), value, idempotency=promise(acme, "k"))
    assert put_config(home, name_of(acme), value, idempotency=promise(acme, "k")).version.value == value
    layers = home.provide("config_reader").layers(acme, "gateway", "primary")
    assert layers.tenant["production"].value == value


@pytest.mark.parametrize(
    "number", ["9007199254740993", "1e400", "0.1000000000000000055511151231257827", "-0", "1.10", "123456789" * 20]
)
def test_numbers_come_back_to_the_digit(home: HomeUnderTest, acme: TenantId, number: str) -> None:
    put_config(home, name_of(acme), f'{{"n":{number}}}')
    assert home.provide("config_reader").entry(name_of(acme)).value == f'{{"n":{number}}}'


def test_a_tenant_that_is_not_active_writes_nothing(home: HomeUnderTest, acme: TenantId) -> None:
    home.suspend(acme)
    for tenant in (acme, TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAV")):
        with pytest.raises(Unauthenticated):
            put_config(home, name_of(tenant))
        assert home.changes(tenant) == []


def test_a_tenant_whose_id_begins_like_anothers_touches_nothing_of_it(home: HomeUnderTest, acme: TenantId) -> None:
    globex = home.tenant("globex")
    put_config(home, name_of(acme, "gateway/primary"), "1")
    put_config(home, name_of(globex, "gateway/primary"), "2")
    put_config(home, name_of(PLATFORM, "gateway/primary"), "3")
    assert [home.provide("config_reader").entry(name_of(one)).value for one in (acme, globex, PLATFORM)] == list("123")


def test_the_steps_of_a_batch_share_one_revision_and_one_time_a_namespace(home: HomeUnderTest, acme: TenantId) -> None:
    put_config(home, name_of(acme, "team/old"))
    names = [name_of(acme, path) for path in ("gateway/a", "team/a", "gateway/b")]
    steps = [step(home, name, Replacement, value="1", **PLAIN) for name in names]
    done = home.provide("config_writer").write(steps, idempotency=None).version
    assert [(new.name, new.version, new.revision) for new in done] == [
        (names[0], 1, 1),
        (names[1], 1, 2),
        (names[2], 1, 1),
    ]
    assert done[0].updated_at == done[2].updated_at
    told = {entry.id: entry.metadata["revision"] for entry in home.changes(acme, "configs")}
    assert [told[one.entry.id] for one in steps] == [new.revision for new in done]


def test_a_batch_is_all_or_nothing(home: HomeUnderTest, acme: TenantId) -> None:
    good = step(home, name_of(acme, "gateway/a"), Replacement, value="1", **PLAIN)
    bad = step(home, name_of(acme, "team/b"), Deletion)
    with pytest.raises(NotFound):
        home.provide("config_writer").write([good, bad], idempotency=None)
    with pytest.raises(NotFound):
        home.provide("config_reader").entry(name_of(acme, "gateway/a"))
    assert home.changes(acme) == []
    assert put_config(home, name_of(acme, "gateway/a")).version.revision == 1


def test_a_batch_of_thirty_names_in_eight_namespaces_is_one_write(home: HomeUnderTest, acme: TenantId) -> None:
    names = [name_of(acme, f"team-{number % 8}/key-{number}") for number in range(30)]
    steps = [step(home, name, Replacement, value="1", **PLAIN) for name in names]
    key = promise(acme, "k")
    done = home.provide("config_writer").write(steps, idempotency=key)
    again = home.provide("config_writer").write(steps, idempotency=promise(acme, "k"))
    assert (done.replayed, again.replayed, again.version) == (False, True, done.version)
    assert len(home.changes(acme)) == 30


def test_a_dry_run_says_what_would_be_and_writes_nothing(home: HomeUnderTest, acme: TenantId) -> None:
    put_config(home, name_of(acme), "1")
    rehearsed = step(home, name_of(acme), Replacement, value="2", **PLAIN)
    done = home.provide("config_writer").write([rehearsed], idempotency=promise(acme, "k"), dry_run=True)
    assert (done.version[0].version, done.version[0].value) == (2, "2")
    assert home.provide("config_reader").entry(name_of(acme)).version == 1
    assert len(home.changes(acme)) == 1
    assert not put_config(home, name_of(acme), "3", idempotency=promise(acme, "k")).replayed


def test_an_amendment_is_made_of_the_value_that_stands(home: HomeUnderTest, acme: TenantId) -> None:
    put_config(home, name_of(acme), '{"a":1}', classification="public", tags={"team": "core"})
    done = change_config(home, name_of(acme), Amendment, apply=lambda value: {**value, "b": 2}).version
    assert (done.value, done.version, done.change_type) == ('{"a":1,"b":2}', 2, ChangeType.UPDATE)
    assert (done.classification, done.tags) == ("public", {"team": "core"})


def test_amendments_that_meet_are_both_made(home: HomeUnderTest, acme: TenantId) -> None:
    put_config(home, name_of(acme), "[]")

    def add(number: int) -> None:
        change_config(home, name_of(acme), Amendment, apply=lambda value: [*value, number])

    with ThreadPoolExecutor(4) as writers:
        list(writers.map(add, range(8)))
    assert sorted(home.provide("config_reader").entry(name_of(acme)).json()) == list(range(8))


def test_what_is_deleted_is_not_there_and_can_be_restored(home: HomeUnderTest, acme: TenantId) -> None:
    reader = home.provide("config_reader")
    first = put_config(home, name_of(acme), '{"a":1}', tags={"team": "core"}).version
    gone = change_config(home, name_of(acme), Deletion).version
    assert (gone.version, gone.change_type) == (2, ChangeType.DELETE)
    with pytest.raises(NotFound):
        reader.entry(name_of(acme))
    assert reader.entry(name_of(acme), 1) == first
    back = change_config(home, name_of(acme), Restoration).version
    assert (back.version, back.value, back.tags, back.from_version) == (3, '{"a":1}', {"team": "core"}, 1)
    assert reader.entry(name_of(acme)) == back


@pytest.mark.parametrize("kind", [Deletion, Restoration])
def test_nothing_is_done_to_a_name_that_never_was(home: HomeUnderTest, acme: TenantId, kind: type[Change]) -> None:
    with pytest.raises(NotFound):
        change_config(home, name_of(acme), kind)
    assert home.changes(acme) == []


def test_a_name_that_was_deleted_begins_again_with_the_next_version(home: HomeUnderTest, acme: TenantId) -> None:
    put_config(home, name_of(acme), "1")
    change_config(home, name_of(acme), Deletion)
    again = put_config(home, name_of(acme), "2").version
    assert (again.version, again.change_type) == (3, ChangeType.CREATE)


def test_a_rollback_is_a_new_version_with_what_an_earlier_one_held(home: HomeUnderTest, acme: TenantId) -> None:
    for value in ("1", "2", "3"):
        put_config(home, name_of(acme), value)
    back = change_config(home, name_of(acme), Rollback, to=1).version
    assert (back.version, back.value, back.change_type, back.from_version) == (4, "1", ChangeType.ROLLBACK, 1)
    assert home.changes(acme)[-1].metadata["from_version"] == 1
    with pytest.raises(NotFound):
        change_config(home, name_of(acme), Rollback, to=9)


def test_a_rollback_to_a_time_finds_the_version_that_stood_then(home: HomeUnderTest, acme: TenantId) -> None:
    stamps = []
    for number in range(9):
        home.clock.step(60)
        stamps.append(put_config(home, name_of(acme), str(number)).version.updated_at)
    for number in (0, 3, 4, 7):
        back = change_config(home, name_of(acme), Rollback, to=Moment(stamps[number])).version
        assert (back.value, back.from_version) == (str(number), number + 1)
    with pytest.raises(NotFound):
        change_config(home, name_of(acme), Rollback, to=Moment("2000-01-01T00:00:00.000Z"))


def test_a_rollback_to_a_deletion_is_refused(home: HomeUnderTest, acme: TenantId) -> None:
    put_config(home, name_of(acme), "1")
    change_config(home, name_of(acme), Deletion)
    put_config(home, name_of(acme), "2")
    with pytest.raises(ValueRefused):
        change_config(home, name_of(acme), Rollback, to=2)
    assert home.provide("config_reader").entry(name_of(acme)).version == 3
