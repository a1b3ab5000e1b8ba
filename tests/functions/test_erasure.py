"""What an erasure leaves: every hash, proof and export as it was, and nobody's name."""

import json
from typing import Any

from llm_config_client.audit import key_of
from llm_config_domain.audit.bundles import check_extends, check_not_forked, verified
from llm_config_domain.audit.leaves import leaf_of
from llm_config_domain.audit.tree import includes
from llm_config_domain.names import TenantId
from tests.support.homes import EmbeddedKit

ANA, ADMIN = "user:ana-whom-nobody-shall-know", "user:the-administrator"
EVER = "from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z"


def acted(home: EmbeddedKit, acme: TenantId) -> None:
    body = {"value": 1, "reason": "a first one"}
    token = home.token(acme, "operator", subject=ANA)
    assert home.call("PUT", "/api/v1/configs/app/database?environment=production", body, token=token).status == 201


def asked(home: EmbeddedKit, acme: TenantId, path: str, body: Any = None) -> Any:
    token = home.token(acme, "tenant-admin", subject=ADMIN)
    reply = home.call("POST" if body else "GET", f"/api/v1/{path}", body, token=token)
    assert reply.status == 200, reply.text
    return reply.json


def proven(bundle: Any) -> Any:
    return verified(bundle, key_of(bundle["checkpoint"]["public_key"]))


def test_after_an_erasure_everything_is_proved_as_before(home: EmbeddedKit) -> None:
    acme = home.tenant("acme")
    acted(home, acme)
    before = asked(home, acme, f"audit-exports?{EVER}")
    assert ANA in json.dumps(before["actors"]) and ANA not in json.dumps(before["entries"])
    done = asked(home, acme, "subject-erasures", {"subject": ANA})
    after = asked(home, acme, f"audit-exports?{EVER}")
    assert ANA not in json.dumps(after) and done["pseudonym"] in json.dumps(after["entries"])
    check_extends(proven(after), proven(before).checkpoint)
    check_not_forked(proven(before), proven(after))
    assert asked(home, acme, "audit-verifications", {"from": "2020-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z"})[
        "valid"
    ]
    sizes = f"from={before['checkpoint']['tree_size']}&to={after['checkpoint']['tree_size']}"
    assert asked(home, acme, f"audit-consistency?{sizes}")["hashes"]


def test_an_entry_is_served_as_it_was_hashed_with_its_name_beside_it_until_that_is_erased(home: EmbeddedKit) -> None:
    acme = home.tenant("acme")
    acted(home, acme)
    page = asked(home, acme, f"audit-entries?{EVER}&actor={ANA}")
    (entry,) = page["items"]
    assert page["actors"] == {entry["actor"]["id"]: ANA}
    told = asked(home, acme, f"audit-proofs/{entry['id']}")
    assert told["entry"] == entry and told["actors"][entry["actor"]["id"]]["name"] == ANA
    checkpoint, path = told["checkpoint"], [bytes.fromhex(one) for one in told["hashes"]]
    root = bytes.fromhex(checkpoint["root_hash"])
    assert includes(leaf_of(entry), told["leaf_index"], checkpoint["tree_size"], path, root)
    asked(home, acme, "subject-erasures", {"subject": entry["actor"]["id"]})
    page = asked(home, acme, f"audit-entries?{EVER}&actor={entry['actor']['id']}")
    assert page["items"] == [entry] and page["actors"] == {}
    assert asked(home, acme, f"audit-entries?{EVER}&actor={ANA}")["items"] == []


def test_an_erasure_is_on_record_before_and_after_and_names_nobody(home: EmbeddedKit) -> None:
    acme = home.tenant("acme")
    acted(home, acme)
    done = asked(home, acme, "subject-erasures", {"subject": ANA})
    items = asked(home, acme, f"audit-entries?{EVER}&event_type=audit.subject_erased")["items"]
    assert [one["metadata"]["phase"] for one in items] == ["outcome", "intent"]
    assert items[0]["metadata"]["pseudonym"] == done["pseudonym"]
    assert ANA not in json.dumps(items) and {one["resource"]["id"] for one in items} == {""}
    again = asked(home, acme, "subject-erasures", {"subject": done["pseudonym"]})
    assert again == done


def test_the_audit_of_a_home_holds_no_name_that_was_erased_and_its_journal_does(home: EmbeddedKit) -> None:
    """The journal keeps changes as long as versions: docs/audit.md says so."""
    acme = home.tenant("acme")
    acted(home, acme)
    asked(home, acme, "subject-erasures", {"subject": ANA})
    holding = set()
    with home.family.store.snapshot() as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for table in tables:
            rows = db.execute(f"SELECT * FROM {table}").fetchall()
            holding |= {table} if ANA in str(rows) else set()
    assert holding == {"journal", "config_versions"}
