"""A receipt says what it promises, and bundles say whether that was kept."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from llm_config_domain.audit.bundles import verified
from llm_config_domain.audit.receipts import (
    KEY_NAME,
    Receipt,
    Standing,
    as_header,
    from_header,
    opened_receipt,
    promised,
    read,
    receipt_for,
    standing,
)
from llm_config_domain.journal import Actor
from tests.unit.domain.audit.bundling import ASKED, GLOBEX, Log, Signer, entry, log, refused

RECEIPT = receipt_for(entry(3))


def noted(receipt: Receipt, signer: Signer | None = None) -> str:
    told = signer or Signer(3)
    return receipt.note(told.raw, told.sign(receipt.text.encode()))


def judged(receipt: Receipt, *logs: Log, **told: Any) -> Standing:
    bundles = [one.bundle(**told) for one in logs]
    return standing(receipt, [(verified(bundle, Signer().key), bundle["entries"]) for bundle in bundles])


def test_a_receipt_is_a_signed_note_that_travels_in_a_header() -> None:
    note = noted(RECEIPT)
    assert note.startswith(f"llm-config/receipt/{RECEIPT.tenant}\n{RECEIPT.entry_id}\n") and KEY_NAME in note
    assert opened_receipt(from_header(as_header(note)), Signer(3).key) == RECEIPT
    assert RECEIPT.merged_by == "2026-11-01T00:01:03.000Z"


def test_what_is_promised_is_all_that_is_known_before_and_no_name() -> None:
    one = entry(3)
    record = log(5).records[3]
    assert promised(record) == RECEIPT.promised
    for other in (
        replace(one, id="01M7XB2CPDX901Z538HPJ30099"),
        replace(one, action="configs:read"),
        replace(one, request_id="another"),
        replace(one, tenant=GLOBEX),
        replace(one, resource=replace(one.resource, id="app/other")),
        replace(one, actor=Actor("user:ana", "user", ())),
    ):
        assert receipt_for(other).promised != RECEIPT.promised
    assert receipt_for(replace(one, actor=replace(one.actor, id="user:eve"))) == RECEIPT


def test_a_checkpoint_is_no_receipt_and_a_receipt_no_checkpoint() -> None:
    bundle = log(5).bundle()
    with pytest.raises(ValueError, match="not signed by this key"):
        opened_receipt(bundle["checkpoint"]["note"], Signer().key)
    with pytest.raises(ValueError, match="no receipt"):
        read(bundle["checkpoint"]["note"].partition("\n\n")[0])
    bundle["checkpoint"]["note"] = noted(RECEIPT, Signer())
    assert "not signed by this key" in refused(bundle)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda note: note.replace("receipt/", "checkpoint/"), id="another origin"),
        pytest.param(lambda note: note.replace("given ", "taken "), id="no beginning"),
        pytest.param(lambda note: note.replace("merged by 2", "merged by 3"), id="a later promise"),
        pytest.param(lambda note: note.replace("\nmerged", " merged"), id="a line less"),
        pytest.param(lambda note: "", id="nothing"),
    ],
)
def test_what_was_changed_is_refused(change: Callable[[str], str]) -> None:
    note = change(noted(RECEIPT))
    with pytest.raises(ValueError, match=r"\S"):
        opened_receipt(note, Signer(3).key)


def test_a_text_that_promises_nothing_is_none() -> None:
    for text in (RECEIPT.text.replace("given", "taken"), RECEIPT.text.replace("merged by", "soon"), "x", "\n" * 4):
        with pytest.raises(ValueError, match="receipt"):
            read(text.removesuffix("\n"))


def test_a_promise_is_kept_by_the_entry_that_it_is_of() -> None:
    assert judged(RECEIPT, log(5)) == Standing.KEPT
    assert judged(RECEIPT, log(2), log(5)) == Standing.KEPT


def test_a_promise_is_broken_by_an_entry_that_says_something_else() -> None:
    other = Log([replace(entry(n), action="configs:read") if n == 3 else entry(n) for n in range(5)])
    assert judged(RECEIPT, other) == Standing.BROKEN


def test_a_promise_is_broken_by_a_later_bundle_of_its_time_without_the_entry() -> None:
    assert RECEIPT.merged_by < ASKED and judged(RECEIPT, log(2)) == Standing.BROKEN


@pytest.mark.parametrize(
    "receipt",
    [
        pytest.param(replace(RECEIPT, tenant=GLOBEX), id="of another tenant"),
        pytest.param(replace(RECEIPT, given_at="2026-10-31T23:59:59.000Z"), id="of a time before the bundle's"),
        pytest.param(replace(RECEIPT, merged_by="2026-12-01T00:00:01.000Z"), id="until after the bundle's time"),
        pytest.param(replace(RECEIPT, merged_by="2026-12-01T00:00:06.000Z"), id="until after it was asked for"),
    ],
)
def test_what_bundles_cannot_say_is_open(receipt: Receipt) -> None:
    assert judged(receipt, log(2)) == Standing.OPEN
    assert standing(receipt, []) == Standing.OPEN


def test_a_bundle_that_does_not_say_when_it_was_asked_for_breaks_no_promise() -> None:
    bundle = log(2).earlier_bundle()
    assert standing(RECEIPT, [(verified(bundle, Signer().key), bundle["entries"])]) == Standing.OPEN
