"""What was done is on record, and the record proves itself to who trusts nobody."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from llm_config_client import Client, calls
from llm_config_client.audit import key_of, verify_bundles
from llm_config_contract.audit import AuditExport, AuditProof
from llm_config_domain import times
from llm_config_domain.audit import tree
from llm_config_domain.audit.leaves import leaf_of
from llm_config_domain.audit.receipts import promised
from llm_config_domain.audit.receipts import read as read_receipt
from llm_config_domain.errors import NotFound
from tests.e2e.deployments import Tenant


def period() -> tuple[str, str]:
    now = datetime.now(UTC)
    return times.rfc3339(now - timedelta(hours=1)), times.rfc3339(now + timedelta(hours=1))


def test_what_was_done_is_found_and_proved(client: Client, space: str) -> None:
    client.put_config(f"{space}/a", {"b": 1}, environment="global", reason="a first one")
    (entry,) = client.list_audit_entries(*period(), namespace=space, event_type="config.created").items
    assert (entry.resource.id, entry.metadata["reason"]) == (f"{space}/a", "a first one")
    proof = client.get_audit_proof(entry.id).root
    assert isinstance(proof, AuditProof)
    root, hashes = bytes.fromhex(proof.checkpoint.root_hash), [bytes.fromhex(one) for one in proof.hashes]
    leaf = leaf_of(proof.entry.model_dump())
    assert tree.includes(leaf, proof.leaf_index, proof.checkpoint.tree_size, hashes, root)


def test_a_later_tree_extends_an_earlier_one(client: Client, space: str) -> None:
    before = client.get_audit_checkpoint()
    client.put_config(f"{space}/a", 1, environment="global")
    after = client.get_audit_checkpoint()
    hashes = client.get_audit_consistency(before.tree_size, after.tree_size).hashes
    old, new = bytes.fromhex(before.root_hash), bytes.fromhex(after.root_hash)
    assert tree.extends(before.tree_size, after.tree_size, old, new, [bytes.fromhex(one) for one in hashes])
    assert client.verify_audit(*period()).valid


def test_an_export_is_verified_offline_and_extends_what_was_held(client: Client, space: str, tmp_path: Path) -> None:
    held, bundle = tmp_path / "held.json", tmp_path / "bundle.json"
    held.write_text(client.get_audit_checkpoint().model_dump_json())
    client.put_config(f"{space}/a", 1, environment="global")
    exported = client.export_audit("2020-01-01T00:00:00Z", period()[1])
    assert isinstance(exported.root, AuditExport)
    bundle.write_text(exported.model_dump_json())
    key = key_of(exported.root.checkpoint.public_key)
    (verdict,) = verify_bundles({"whole": bundle}, key, held)
    assert verdict.valid, verdict.reason
    told = json.loads(bundle.read_text())
    told["entries"][-1]["actor"]["id"] = "somebody else"
    bundle.write_text(json.dumps(told))
    (verdict,) = verify_bundles({"whole": bundle}, key, held)
    assert not verdict.valid


def test_who_is_forgotten_is_named_no_more_and_everything_is_proved_as_before(client: Client, space: str) -> None:
    client.put_config(f"{space}/a", 1, environment="global")
    found = client.list_audit_entries(*period(), namespace=space)
    alias = found.items[0].actor.id
    assert client.list_audit_entries(*period(), namespace=space, actor=found.actors[alias]).items == found.items
    assert client.erase_subject(alias).pseudonym == alias
    after = client.list_audit_entries(*period(), namespace=space, actor=alias)
    assert after.items == found.items and alias not in after.actors
    assert client.verify_audit(*period()).valid


def test_a_receipt_is_redeemed_by_the_proof_of_what_it_promised(client: Client, space: str) -> None:
    answer = client.send(calls.put_config(f"{space}/a", 1, environment="global").with_receipt)
    receipt = read_receipt(str(answer.receipt).partition("\n\n")[0])
    proof = client.get_audit_proof(receipt.entry_id, receipt=answer.receipt).root
    assert isinstance(proof, AuditProof) and promised(proof.entry.model_dump()) == receipt.promised


def test_a_compliance_report_says_what_was_seen_and_proves_it(client: Client, space: str) -> None:
    client.put_config(f"{space}/a", 1, environment="global", reason="a first one")
    told = client.get_compliance_report("soc2", namespace=space)
    (changed,) = [one for one in told.findings if one.control == "CC8.1"]
    assert changed.status == "pass" and told.summary.not_assessed
    assert [one.proof.entry.resource.id for one in changed.evidence if one.proof] == [f"{space}/a"]


def test_another_tenants_entry_is_as_absent(client: Client, acme_corp: Tenant, space: str) -> None:
    client.put_config(f"{space}/a", 1, environment="global")
    (entry,) = client.list_audit_entries(*period(), namespace=space).items
    with acme_corp.client() as other, pytest.raises(NotFound):
        other.get_audit_proof(entry.id)


def test_a_compliance_report_says_what_can_be_seen_and_what_cannot(client: Client, space: str) -> None:
    client.put_config(f"{space}/a", 1, environment="global")
    told = client.get_compliance_report("soc2")
    assert told.summary.not_assessed > 0 and told.checkpoint.tree_size > 0
    assert all(one.reason for one in told.findings)
