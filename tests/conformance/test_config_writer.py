"""ports/config_writer.py, promise by promise."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from llm_config_domain import json_text
from llm_config_domain.errors import Conflict, IdempotencyMismatch, PreconditionFailed, Refusal, Unauthenticated
from llm_config_domain.names import PLATFORM, TenantId
from llm_config_domain.versions import ChangeType, Preconditions
from tests.support.families import HomeUnderTest
from tests.support.samples import name_of, promise, put_config

DAY = 24 * 3600


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
