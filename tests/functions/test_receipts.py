"""A receipt is given where it was asked for, before it is too late, and what it promises stands in the tree."""

import importlib
import json
from pathlib import Path
from typing import Any

import pytest

from llm_config.operations.catalog import OPERATIONS
from llm_config_client.audit import key_of
from llm_config_domain import times
from llm_config_domain.audit.receipts import Receipt, as_header, from_header, opened_receipt, promised, receipt_for
from llm_config_domain.errors import Unavailable
from llm_config_domain.names import TenantId
from llm_config_local.adapters.audit_signer import RECEIPTS_PUBLIC_KEY
from tests.support.entries import numbered
from tests.support.golden import cases, golden_home, prepared
from tests.support.homes import EmbeddedKit, Reply

ROWS = {row.name: row for row in OPERATIONS}
CONFIG = "/api/v1/configs/app/database?environment=production"
PREFER = {"prefer": "respond-async, Audit-Receipt"}


def receipt_in(kit: EmbeddedKit, header: str) -> Receipt:
    pem = (kit.family.directory / RECEIPTS_PUBLIC_KEY).read_text()
    return opened_receipt(from_header(header), key_of(pem))


def put(kit: EmbeddedKit, acme: TenantId, **headers: str) -> Reply:
    token = kit.token(acme, "operator")
    return kit.call("PUT", CONFIG, {"value": 1}, token=token, headers={**PREFER, **headers})


def proof(kit: EmbeddedKit, acme: TenantId, entry_id: str, receipt: str) -> Reply:
    url, token = f"/api/v1/audit-proofs/{entry_id}", kit.token(acme, "tenant-admin")
    return kit.call("GET", url, token=token, headers={"audit-receipt": receipt})


@pytest.mark.catalog
@pytest.mark.parametrize(("operation", "case"), [pytest.param(*one, id="/".join(one)) for one in cases()])
def test_what_any_answer_promises_is_in_the_tree(operation: str, case: str, tmp_path: Path) -> None:
    with golden_home(tmp_path) as kit:
        event = prepared(kit, operation, case, prefer="audit-receipt")
        row = ROWS[operation]
        reply = importlib.import_module(f"functions.{row.area}.{operation}.handler").lambda_handler(event, None)
        header = reply["headers"].get("Audit-Receipt")
        if header is None:
            assert reply["statusCode"] >= 400 or not row.promises or "Idempotency-Replayed" in reply["headers"]
            return
        receipt, reader = receipt_in(kit, header), kit.provide("audit_reader")
        assert reply["headers"]["Preference-Applied"] == "audit-receipt" and row.promises
        size = reader.caught_up(TenantId(receipt.tenant))
        told = reader.leaf(TenantId(receipt.tenant), receipt.entry_id)
        assert promised(told.record) == receipt.promised and told.index < size


def test_nobody_is_given_a_receipt_unasked(home: EmbeddedKit) -> None:
    assert "Audit-Receipt" not in put(home, home.tenant("acme"), prefer="respond-async").headers


def test_a_repetition_is_promised_nothing_new(home: EmbeddedKit) -> None:
    acme, key = home.tenant("acme"), {"idempotency-key": "once"}
    assert "Audit-Receipt" in put(home, acme, **key).headers
    again = put(home, acme, **key)
    assert again.headers["Idempotency-Replayed"] == "true" and "Audit-Receipt" not in again.headers


def test_a_read_that_is_promised_is_durable_before_its_answer(home: EmbeddedKit) -> None:
    acme = home.tenant("acme")
    put(home, acme)
    read = home.call("GET", CONFIG, token=home.token(acme, "operator"), headers=PREFER)
    receipt = receipt_in(home, read.headers["Audit-Receipt"])
    with home.family.store.snapshot() as db:
        held = db.execute("SELECT entry FROM journal WHERE id = ?", (receipt.entry_id,)).fetchone()
    assert json.loads(held[0])["event_type"] == "config.read"
    seconds = (times.parse(receipt.merged_by) - times.parse(receipt.given_at)).total_seconds()
    assert seconds == 60 and proof(home, acme, receipt.entry_id, read.headers["Audit-Receipt"]).status == 200


def test_what_cannot_be_promised_does_not_happen(home: EmbeddedKit) -> None:
    class Down:
        def sign(self, receipt: Receipt) -> str:
            raise Unavailable("nothing can be signed now")

    acme = home.tenant("acme")
    home.factories["receipt_signer"] = Down
    assert put(home, acme).status == 503
    assert home.call("GET", CONFIG, token=home.token(acme, "operator")).status == 404


def test_a_promise_is_pending_then_overdue_and_nobody_elses(home: EmbeddedKit) -> None:
    acme, globex, signer = home.tenant("acme"), home.tenant("globex"), home.provide("receipt_signer")

    def lost(tenant: TenantId, ago: int) -> tuple[str, str]:
        """A receipt of an entry that never reached the journal."""
        at = times.rfc3339(times.later(home.provide("clock").now(), -ago))
        receipt = receipt_for(numbered(tenant, 7, at=at))
        return receipt.entry_id, as_header(signer.sign(receipt))

    for ago, status in ((0, "pending"), (61, "overdue")):
        reply = proof(home, acme, *lost(acme, ago))
        assert (reply.status, reply.json["status"]) == (202, status)
    entry_id, foreign = lost(globex, 0)
    _, own = lost(acme, 0)
    other = numbered(acme, 8).id
    for asked, receipt in (
        (entry_id, foreign),
        (other, own),
        (entry_id, own[:-8]),
        (entry_id, "x"),
        (entry_id, forged(own)),
    ):
        assert proof(home, acme, asked, receipt).status == 404


def forged(header: str) -> str:
    """Of another time than was signed."""
    return as_header(from_header(header).replace("merged by 2", "merged by 3"))


def test_a_receipt_that_is_no_text_is_as_absent(home: EmbeddedKit) -> None:
    acme: Any = home.tenant("acme")
    assert proof(home, acme, numbered(acme, 8).id, "////").status == 404
