"""ports/receipt_signer.py, promise by promise."""

import pytest

from llm_config_client.audit import key_of
from llm_config_domain.audit.checkpoints import Checkpoint, origin_of
from llm_config_domain.audit.receipts import opened_receipt, receipt_for
from llm_config_domain.names import TenantId
from tests.support.entries import numbered
from tests.support.families import HomeUnderTest


def test_the_same_receipt_has_the_same_note_and_another_one_another(home: HomeUnderTest, acme: TenantId) -> None:
    signer = home.provide("receipt_signer")
    one, other = receipt_for(numbered(acme, 1)), receipt_for(numbered(acme, 2))
    assert signer.sign(one) == signer.sign(one) != signer.sign(other)


def test_it_is_signed_by_its_own_key_and_not_by_that_of_checkpoints(home: HomeUnderTest, acme: TenantId) -> None:
    receipt = receipt_for(numbered(acme, 1))
    note = home.provide("receipt_signer").sign(receipt)
    assert opened_receipt(note, key_of(home.receipt_key())) == receipt
    signed = home.provide("audit_signer").sign(Checkpoint(origin_of(acme), 1, b"r" * 32))
    with pytest.raises(ValueError, match="not signed by this key"):
        opened_receipt(note, key_of(signed.pem))
