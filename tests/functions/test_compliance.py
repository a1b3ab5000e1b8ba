"""Compliance reports of a home: each entry that a finding stands on is proved in the report's own checkpoint."""

import pytest

from llm_config.operations.audit import get_compliance_report
from llm_config_client.audit import key_of
from llm_config_client.compliance_page import page
from llm_config_contract.compliance import ComplianceReport
from llm_config_domain.audit import tree
from llm_config_domain.audit.bundles import checkpoint_in
from llm_config_domain.audit.checkpoints import Checkpoint, origin_of
from llm_config_domain.audit.leaves import leaf_of
from llm_config_domain.compliance.frameworks import FRAMEWORKS
from tests.support.homes import EmbeddedKit

CONFIG = "/api/v1/configs/app/database?environment=production"
SECRET = "/api/v1/secrets/keys/main?environment=production"


def report(home: EmbeddedKit, framework: str = "soc2", query: str = "") -> ComplianceReport:
    token = home.token(home.provide("tenant_reader").by_name("acme").id, "tenant-admin")
    reply = home.call("GET", f"/api/v1/compliance-reports?framework={framework}{query}", token=token)
    assert reply.status == 200, reply.text
    return ComplianceReport.model_validate(reply.json)


@pytest.fixture
def used(home: EmbeddedKit) -> EmbeddedKit:
    """A home in which something happened."""
    acme = home.tenant("acme")
    token = home.token(acme, "tenant-admin")
    assert home.call("PUT", CONFIG, {"value": 1, "reason": "a first one"}, token=token).status == 201
    made = home.call("PUT", SECRET, {"type": "api_key", "value": "sk-1", "reason": "a key"}, token=token)
    assert made.status == 201 and home.call("GET", SECRET, token=token).status == 200
    assert home.call("GET", SECRET, token=home.token(acme, "viewer")).status == 403
    return home


@pytest.mark.parametrize("framework", sorted(FRAMEWORKS))
def test_every_framework_is_reported_on_clause_by_clause(used: EmbeddedKit, framework: str) -> None:
    told = report(used, framework)
    assert [one.control for one in told.findings] == [control.id for control in FRAMEWORKS[framework].controls]
    assert told.summary.passed + told.summary.fail + told.summary.not_assessed == len(told.findings)
    assert told.summary.passed >= 3 and not told.summary.fail and told.status == "not_assessed"
    assert all(one.reason and (one.action or one.status == "pass") for one in told.findings)


def test_the_entries_of_a_finding_are_proved_in_the_reports_checkpoint(used: EmbeddedKit) -> None:
    told = report(used)
    key = key_of(told.checkpoint.public_key)
    checkpoint = checkpoint_in(told.checkpoint.model_dump(), key)
    proofs = [seen.proof for one in told.findings for seen in one.evidence if seen.kind == "entry"]
    assert len(proofs) >= 4
    for proof in proofs:
        assert proof is not None
        path = [bytes.fromhex(one) for one in proof.hashes]
        leaf = leaf_of(proof.entry.model_dump())
        assert tree.includes(leaf, proof.leaf_index, checkpoint.size, path, checkpoint.root)


def test_a_tree_that_was_rewritten_fails_what_stands_on_it(used: EmbeddedKit) -> None:
    acme = used.provide("tenant_reader").by_name("acme").id
    signer = used.provide("audit_signer")
    used.provide("audit_checkpoints").publish(acme, signer.sign(Checkpoint(origin_of(acme), 1, b"a" * 32)))
    (changed,) = [one for one in report(used).findings if one.control == "CC8.1"]
    assert changed.status == "fail" and "not the one that was published" in changed.reason


def test_no_number_of_reads_hides_a_change(used: EmbeddedKit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(get_compliance_report, "OF_A_KIND", 1)
    token = used.token(used.provide("tenant_reader").by_name("acme").id, "tenant-admin")
    for _ in range(3):
        assert used.call("GET", SECRET, token=token).status == 200
    found = {one.control: one for one in report(used).findings}
    assert found["CC8.1"].status == "pass" and "2 changes" in found["CC8.1"].reason


def test_a_namespace_is_reported_on_alone(used: EmbeddedKit) -> None:
    told = report(used, "pci-dss", "&namespace=app")
    found = {one.control: one for one in told.findings}
    assert (told.namespace, found["3.6.1"].status, found["10.2.1"].status) == ("app", "not_assessed", "pass")
    assert {seen.proof.entry.resource.id for one in told.findings for seen in one.evidence if seen.proof} == {
        "app/database"
    }


def test_a_time_of_which_nothing_is_known_is_not_called_well(used: EmbeddedKit) -> None:
    told = report(used, "hipaa", "&from=1990-01-01T00:00:00Z&to=1990-02-01T00:00:00Z")
    found = {one.control: one.status for one in told.findings}
    assert found["164.312(b)"] == found["164.312(c)(1)"] == "not_assessed"
    first = report(used, "hipaa", "&to=0900-01-01T00:00:00Z&from=0900-01-01T00:00:00Z")
    assert first.begin == first.end


def test_more_than_can_be_looked_at_is_not_called_well(used: EmbeddedKit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(get_compliance_report, "MAX_THINGS", 1)
    token = used.token(used.provide("tenant_reader").by_name("acme").id, "tenant-admin")
    other = SECRET.replace("main", "other")
    assert used.call("PUT", other, {"type": "api_key", "value": "sk-2"}, token=token).status == 201
    (sealed,) = [one for one in report(used).findings if one.control == "C1.1"]
    assert sealed.status == "not_assessed" and "namespace" in (sealed.action or "")


def test_a_page_stands_alone_and_takes_nothing_for_markup(used: EmbeddedKit) -> None:
    told = report(used)
    hostile = told.findings[1].model_copy(update={"reason": "<script>alert(1)</script>", "title": '"><img src=x>'})
    made = page(told.model_copy(update={"findings": [*told.findings, hostile]}))
    assert "<script" not in made and "<img" not in made and "&lt;script&gt;" in made
    assert "http://" not in made and "https://" not in made and "src=" not in made.replace("src=x", "")
    assert "default-src 'none'" in made and made.count("<tr><td>") == len(told.findings) + 1
    assert told.checkpoint.note.splitlines()[0] in made and "not assessed by software" in made
    assert made.endswith("</html>\n")
