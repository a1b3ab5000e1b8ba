"""What an audit says of a store that is not what it was, and of more than it can answer at once."""

from pathlib import Path
from typing import Any

import pytest

from llm_config.operations.audit import export_audit
from llm_config.operations.needs import MINUTE, OWN_TENANT, needs_of
from llm_config.operations.rotations.run_due_rotation import RUN_DUE_ROTATION
from llm_config.operations.tenants.get_tenant import GET_TENANT
from llm_config_domain.audit.checkpoints import Checkpoint, origin_of
from llm_config_domain.audit.entries import namespace_of
from llm_config_domain.policy import Resource
from tests.support.entries import numbered
from tests.support.homes import EmbeddedKit

EVER = {"from": "2020-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z"}
QUERY = "&".join(f"{name}={time}" for name, time in EVER.items())


def verified(kit: EmbeddedKit, token: str) -> Any:
    return kit.call("POST", "/api/v1/audit-verifications", EVER, token=token).json


def test_a_store_that_is_older_or_another_than_what_was_published_is_told(home: EmbeddedKit, tmp_path: Path) -> None:
    acme = home.tenant("acme")
    token = home.token(acme, "tenant-admin")
    assert verified(home, token)["valid"]
    signer, published = home.provide("audit_signer"), home.provide("audit_checkpoints")
    published.publish(acme, signer.sign(Checkpoint(origin_of(acme), 1, b"another" + b"\0" * 25)))
    assert "not the one that was published" in verified(home, token)["reason"]
    published.publish(acme, signer.sign(Checkpoint(origin_of(acme), 10_000, b"r" * 32)))
    told = verified(home, token)
    assert not told["valid"] and "older" in told["reason"]


def test_more_than_one_answer_holds_is_asked_for_in_parts(home: EmbeddedKit, monkeypatch: pytest.MonkeyPatch) -> None:
    token = home.token(home.tenant("acme"), "tenant-admin")
    monkeypatch.setattr(export_audit, "AT_ONCE", 0)
    reply = home.call("GET", f"/api/v1/audit-exports?{QUERY}", token=token)
    assert (reply.status, reply.json["limit"]) == (413, 0) and "31 days" in reply.json["detail"]
    monkeypatch.setattr(export_audit, "MAX_ENTRIES", 0)
    reply = home.call("GET", f"/api/v1/audit-exports?{QUERY}", token=token)
    assert (reply.status, reply.json["limit"]) == (413, 0) and "shorter" in reply.json["detail"]


def test_an_entry_about_a_namespace_is_found_by_it(home: EmbeddedKit) -> None:
    acme = home.tenant("acme")
    assert namespace_of(numbered(acme, 1, resource=Resource("namespaces", "team/core"))) == "team/core"
    assert namespace_of(numbered(acme, 1, resource=Resource("configs", "team/core/key"))) == "team/core"
    assert namespace_of(numbered(acme, 1, resource=Resource("tenants", str(acme)))) == ""


def test_who_asks_about_a_tenant_reaches_the_callers_own_and_a_minute_what_is_due() -> None:
    assert needs_of(GET_TENANT) >= OWN_TENANT
    assert needs_of(RUN_DUE_ROTATION) >= {*MINUTE, "rotation_agenda"}
