"""When a secret ends, and when somebody hears of it."""

import json
from dataclasses import replace
from typing import Any

import pytest

from llm_config_domain.errors import ValueRefused
from llm_config_domain.names import Name, TenantId
from llm_config_domain.policy import Resource
from llm_config_domain.secrets.entries import NO_HEAD, Mark, SecretDraft, SecretHead, SecretType, next_version
from llm_config_domain.secrets.expiry import EXPIRED, EXPIRES_SOON, Ending, Watch, chosen, moments, watch_of
from llm_config_domain.secrets.values import Sealed
from tests.support.entries import numbered

NAME = Name(TenantId("01M7XB2CPDX901Z538HPJ3CH8B"), "team", "key", "production")

NOW, LATER, LATEST = "2026-01-02T03:04:05.000Z", "2026-02-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"


def test_the_end_that_was_asked_for_stands_before_the_values_own() -> None:
    assert chosen(LATER, LATEST, NOW) == chosen(LATER, None, NOW) == LATER


def test_without_one_the_value_says_it_itself() -> None:
    assert (chosen(None, LATEST, NOW), chosen(None, None, NOW)) == (LATEST, None)


def test_an_end_that_was_asked_for_lies_in_the_future() -> None:
    with pytest.raises(ValueRefused) as refused:
        chosen(NOW, LATEST, NOW)
    assert [(broken.path, broken.rule) for broken in refused.value.violations] == [("/expires_at", "future")]


@pytest.mark.parametrize(
    ("written_at", "told_at"),
    [
        pytest.param(
            "2025-01-01", ["2026-12-02", "2026-12-25", "2026-12-31"], id="a long life: 30, 7 and 1 days before"
        ),
        pytest.param("2026-12-22", ["2026-12-25", "2026-12-31"], id="a shorter one: what it lives to see"),
        pytest.param("2027-02-01", ["2027-01-01"], id="one that was over when it began: at once"),
    ],
)
def test_somebody_hears_of_the_end_in_time(written_at: str, told_at: list[str]) -> None:
    found = moments(f"{written_at}T00:00:00.000Z", LATEST)
    assert found == (*(f"{day}T00:00:00.000Z" for day in told_at), LATEST)


def test_the_end_of_a_day_is_told_of_in_its_last_tenth() -> None:
    assert moments("2026-12-31T14:00:00.000Z", LATEST) == ("2026-12-31T23:00:00.000Z", LATEST)


HEAD = SecretHead(1, 1, 1)


def watch(**said: Any) -> Watch:
    told = {"version": 1, "version_id": "v-1", "written_at": "2025-01-01T00:00:00.000Z", "expires_at": LATEST, **said}
    return Watch(**{"look_at": moments(told["written_at"], LATEST)[0], **told})


def looks(times_at: list[str], head: SecretHead = HEAD, mark: Mark = Mark.LIVE) -> list[tuple[str | None, str | None]]:
    """(what is told, when somebody looks again) of looks one after the other."""
    found: list[tuple[str | None, str | None]] = []
    standing = watch()
    for at in times_at:
        look = standing.after(f"{at}T00:00:00.000Z", head, mark)
        standing = look.watch if look else standing
        found.append((look.told if look else "nothing", (standing.look_at or "never")[:10]))
    return found


def test_each_moment_of_the_version_in_use_is_told_once() -> None:
    assert looks(
        ["2026-12-01", "2026-12-02", "2026-12-02", "2026-12-25", "2026-12-31", "2027-01-01", "2027-01-02"]
    ) == [
        ("nothing", "2026-12-02"),
        (EXPIRES_SOON, "2026-12-25"),
        ("nothing", "2026-12-25"),
        (EXPIRES_SOON, "2026-12-31"),
        (EXPIRES_SOON, "2027-01-01"),
        (EXPIRED, "never"),
        ("nothing", "never"),
    ]


@pytest.mark.parametrize(
    ("at", "told"),
    [("2026-12-26", (EXPIRES_SOON, "2026-12-31")), ("2027-03-01", (EXPIRED, "never"))],
    ids=["two notices", "all of them"],
)
def test_what_was_missed_is_told_once(at: str, told: tuple[str, str]) -> None:
    assert looks([at]) == [told]


@pytest.mark.parametrize(
    "head",
    [SecretHead(2, 2, 2), SecretHead(1, None, 1), SecretHead(1, 1, 1, deleted=True)],
    ids=["old", "none", "deleted"],
)
def test_a_version_that_is_not_in_use_is_looked_at_again_and_in_the_end_no_more(head: SecretHead) -> None:
    assert looks(["2026-12-02", "2026-12-03", "2027-02-01"], head) == [
        (None, "2026-12-03"), (None, "2026-12-04"), (None, "never"),
    ]  # fmt: skip


def test_one_that_comes_into_use_again_is_told_of_then() -> None:
    told = watch(passed=1, look_at="2026-12-10T00:00:00.000Z")
    look = told.after("2026-12-10T00:00:00.000Z", HEAD, Mark.LIVE)
    assert look and (look.told, look.watch.look_at) == (None, "2026-12-25T00:00:00.000Z"), "that moment was told"
    assert looks(["2026-12-28"]) == [(EXPIRES_SOON, "2026-12-31")]


@pytest.mark.parametrize("mark", [Mark.REVOKED, Mark.DESTROYED])
def test_the_end_of_what_nobody_can_read_is_no_news(mark: Mark) -> None:
    assert looks(["2026-12-02"], mark=mark) == [(None, "never")]
    assert replace(watch(), look_at=None).ending(NAME) is None


def test_a_watch_comes_back_as_it_was_kept_and_says_when_to_look() -> None:
    kept = Watch.from_record(json.loads(json.dumps(watch().to_record())))
    assert kept == watch()
    assert kept.ending(NAME) == Ending(
        tenant=NAME.tenant, path=NAME.path, environment="production", version=1, at="2026-12-02T00:00:00.000Z"
    )


@pytest.mark.parametrize(("event_type", "severity"), [(EXPIRES_SOON, "warning"), (EXPIRED, "error")])
def test_the_record_of_an_end_says_which_version_ends_when(event_type: str, severity: str) -> None:
    asked = numbered(NAME.tenant, 1, metadata={"kept": True})
    told = watch().told(asked, event_type, NAME, at=LATEST, revision=9)
    assert (told.at, told.event_type, told.severity) == (LATEST, event_type, severity)
    assert told.resource == Resource("secrets", "team/key", "production")
    assert told.metadata == {
        "kept": True,
        "change_type": "expire",
        "version": 1,
        "previous_version": None,
        "version_id": "v-1",
        "expires_at": LATEST,
        "revision": 9,
    }


def test_a_version_with_an_end_is_watched_from_its_first_notice_on() -> None:
    draft = SecretDraft(author="user:a", new_id="id-1", type=SecretType.GENERIC, version_id="v-1", expires_at=LATEST)
    new = next_version(NAME, NO_HEAD, None, draft, Sealed(b"sealed"), revision=1, at="2025-01-01T00:00:00.000Z")
    assert watch_of(new) == watch()
    assert watch_of(replace(new, expires_at=None)) is None
