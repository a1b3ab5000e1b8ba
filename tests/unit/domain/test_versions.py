"""Preconditions, idempotency, time stamps and bindings."""

import hashlib
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from llm_config_domain import times
from llm_config_domain.errors import Broken, Conflict, IdempotencyMismatch, PreconditionFailed
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.names import Name, TenantId
from llm_config_domain.secrets.values import Plaintext, Sealed, binding, check_binding
from llm_config_domain.versions import ABSENT, Head, Preconditions, matches

TENANT = TenantId("01M7XB2CPDX901Z538HPJ3CH8B")
NAME = Name(TENANT, "team", "key", "production")


@pytest.mark.parametrize(
    ("preconditions", "head", "refusal"),
    [
        pytest.param(Preconditions(), ABSENT, None, id="nothing asked, nothing there"),
        pytest.param(Preconditions(if_match='"3"'), Head(3), None, id="the current version"),
        pytest.param(Preconditions(if_match='"2"'), Head(3), PreconditionFailed, id="an older version"),
        pytest.param(
            Preconditions(if_match='W/"3"'), Head(3), PreconditionFailed, id="a weak tag matches nothing here"
        ),
        pytest.param(Preconditions(if_match='"1", "3"'), Head(3), None, id="one of several"),
        pytest.param(Preconditions(if_match="*"), Head(3), None, id="any version"),
        pytest.param(Preconditions(if_match="*"), ABSENT, PreconditionFailed, id="any version, but none is there"),
        pytest.param(Preconditions(if_match='"3"'), Head(3, deleted=True), PreconditionFailed, id="it was deleted"),
        pytest.param(Preconditions(if_match="3"), Head(3), PreconditionFailed, id="a tag without quotes"),
        pytest.param(Preconditions(if_none_match="*"), ABSENT, None, id="must be new, and is"),
        pytest.param(Preconditions(if_none_match="*"), Head(1), PreconditionFailed, id="must be new, and is not"),
        pytest.param(Preconditions(if_none_match="*"), Head(1, deleted=True), None, id="must be new, and was deleted"),
        pytest.param(Preconditions(if_none_match='"1"'), Head(1), PreconditionFailed, id="not this version"),
        pytest.param(Preconditions(if_none_match='"2"'), Head(1), None, id="not that version"),
        pytest.param(Preconditions(if_none_match='W/"1"'), Head(1), PreconditionFailed, id="a weak tag counts here"),
        pytest.param(Preconditions(if_match='"1","3"'), Head(3), None, id="one of several without spaces"),
        pytest.param(Preconditions(must_be_new=True), Head(1), Conflict, id="create only"),
        pytest.param(Preconditions(must_be_new=True), Head(1, deleted=True), None, id="create over a deletion"),
    ],
)
def test_a_write_happens_on_the_state_that_its_writer_named(
    preconditions: Preconditions, head: Head, refusal: type[Exception] | None
) -> None:
    if refusal is None:
        preconditions.check(head)
    else:
        with pytest.raises(refusal):
            preconditions.check(head)


def test_a_weak_tag_matches_in_the_weak_comparison_only() -> None:
    assert matches('W/"1"', '"1"', weak=True) and not matches('W/"1"', '"1"')


def idempotency(body: bytes, salt: str = "00" * 16, *, holds_secret: bool = False) -> Idempotency:
    return Idempotency(TENANT, "put_config", "key", salt, body, holds_secret)


@pytest.mark.parametrize("holds_secret", [False, True])
def test_the_same_request_matches_its_fingerprint_under_any_salt(holds_secret: bool) -> None:
    stored = idempotency(b"body", "01" * 16, holds_secret=holds_secret).fingerprint()
    idempotency(b"body", "02" * 16, holds_secret=holds_secret).check(stored)
    with pytest.raises(IdempotencyMismatch):
        idempotency(b"other", "01" * 16, holds_secret=holds_secret).check(stored)


def test_a_fingerprint_of_a_secret_is_stretched_and_no_text_shows_the_body() -> None:
    plain, stretched = idempotency(b"sk-1"), idempotency(b"sk-1", holds_secret=True)
    assert plain.fingerprint() != stretched.fingerprint()
    assert "sk-1" not in repr(stretched)


def test_a_stamp_is_later_than_the_one_before_whatever_the_clock_says() -> None:
    now = datetime(2026, 3, 29, 1, 59, 59, 999999, tzinfo=UTC)
    first = times.after(now, None)
    assert first == "2026-03-29T01:59:59.999Z"
    back = times.after(now - timedelta(hours=1), first)
    assert back == "2026-03-29T02:00:00.000Z" > first
    assert times.after(now + timedelta(days=1), back) == "2026-03-30T01:59:59.999Z"


@pytest.mark.parametrize(
    "changed",
    [
        {"tenant": "01M7XB2CPDX901Z538HPJ3CH8C"},
        {"namespace": "other"},
        {"key": "other"},
        {"environment": "staging"},
        {"version": "2"},
        {"purpose": "other"},
        {"extra": "member"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_sealed_value_is_bound_to_every_part_of_its_name(changed: dict[str, str]) -> None:
    check_binding(NAME, 1, {**binding(NAME, 1), "aws-crypto-public-key": "x"})
    with pytest.raises(Broken):
        check_binding(NAME, 1, {**binding(NAME, 1), **changed})
    missing = {k: v for k, v in binding(NAME, 1).items() if k not in changed}
    if len(missing) < 6:
        with pytest.raises(Broken):
            check_binding(NAME, 1, missing)


def test_neither_plaintext_nor_sealed_values_print() -> None:
    assert "sk-1" not in f"{Plaintext(b'sk-1')!r} {Plaintext(b'sk-1')} {Sealed(b'sk-1')!r}"


@pytest.mark.parametrize(
    ("holds_secret", "digest"),
    [
        (False, hashlib.sha256(bytes(16) + b"{}").hexdigest()),
        (True, hashlib.scrypt(b"{}", salt=bytes(16), n=16384, r=8, p=1).hex()),
    ],
    ids=["a plain request", "a request that holds a secret"],
)
def test_a_fingerprint_is_exactly_this(holds_secret: bool, digest: str) -> None:
    """Stored ones must be known again."""
    salt = "00" * 16
    promise = Idempotency(TENANT, "put_secret", "k", salt, b"{}", holds_secret)
    assert promise.fingerprint() == f"{salt}:{digest}"
    promise.check(f"{salt}:{digest}")
    with pytest.raises(IdempotencyMismatch):
        promise.check(f"{salt}:{digest}:")


@pytest.fixture
def in_tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("in_tokyo")
def test_a_moment_is_told_in_utc_wherever_it_was_read() -> None:
    elsewhere = datetime(2026, 1, 2, 5, 4, 5, 678999, tzinfo=timezone(timedelta(hours=2)))
    assert times.rfc3339(elsewhere) == "2026-01-02T03:04:05.678Z"
