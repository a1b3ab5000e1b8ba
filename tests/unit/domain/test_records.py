"""What is stored and recorded of a version, a tenant and a caller: it comes back whole, and says nothing that it must not."""

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from llm_config_domain import times
from llm_config_domain.caches import Purge
from llm_config_domain.callers import Caller, actor_type_of, allowed_namespaces
from llm_config_domain.configs import entries as configs
from llm_config_domain.errors import Unauthenticated
from llm_config_domain.journal import Actor, JournalEntry, Result, committed
from llm_config_domain.names import Name, TenantId
from llm_config_domain.policy import Resource
from llm_config_domain.secrets import entries as secrets
from llm_config_domain.secrets.entries import NO_HEAD, Mark, SecretHead, SecretType, Stage, head_with
from llm_config_domain.secrets.values import Sealed, binding
from llm_config_domain.tenants import Status, Tenant, Tier, require_active
from llm_config_domain.versions import ChangeType

TENANT = TenantId("01M7XB2CPDX901Z538HPJ3CH8B")
NAME = Name(TENANT, "team", "key", "production")
AT, LATER = "2026-01-02T03:04:05.678Z", "2026-01-02T03:04:06.000Z"
DRAFT = configs.ConfigDraft(value='{"a":1}', author="user:a", new_id="id-1", reason="why", tags={"owner": "ml"})
SECRET_DRAFT = secrets.SecretDraft(
    author="user:a", new_id="id-1", reason="why", type=SecretType.API_KEY, version_id="version-id-1"
)


def config() -> configs.ConfigVersion:
    return configs.next_version(NAME, None, DRAFT, revision=7, at=AT)


def secret() -> secrets.SecretVersion:
    return secrets.next_version(NAME, NO_HEAD, None, SECRET_DRAFT, Sealed(b"sealed"), revision=7, at=AT)


def entry(kind: str) -> JournalEntry:
    return JournalEntry(
        id="entry-1",
        at=AT,
        tenant=TENANT,
        event_type=f"{kind}.write",
        severity="info",
        actor=Actor("user:a", "user", ("operator",)),
        action=f"{kind}:write",
        resource=Resource(kind, "team/key", "production"),
        result=Result("success"),
        request_id="request-1",
    )


def test_a_first_version_is_what_its_writer_brought() -> None:
    new = config()
    assert (new.name, new.value, new.version, new.revision, new.id) == (NAME, '{"a":1}', 1, 7, "id-1")
    assert (new.change_type, new.reason, new.tags, new.classification) == (
        ChangeType.CREATE,
        "why",
        {"owner": "ml"},
        "internal",
    )
    assert (new.created_at, new.created_by, new.updated_at, new.updated_by) == (AT, "user:a", AT, "user:a")


def test_a_next_version_keeps_the_id_and_the_first_author() -> None:
    draft = configs.ConfigDraft(value="2", author="user:b", new_id="id-2")
    new = configs.next_version(NAME, config(), draft, revision=8, at=LATER)
    assert (new.id, new.version, new.revision, new.value, new.change_type) == ("id-1", 2, 8, "2", ChangeType.UPDATE)
    assert (new.created_at, new.created_by, new.updated_at, new.updated_by) == (AT, "user:a", LATER, "user:b")
    assert (new.reason, new.tags) == (None, {})


def test_a_secrets_version_is_sealed_and_current() -> None:
    new = secret()
    assert (new.name, new.version, new.revision, new.id, new.version_id) == (NAME, 1, 7, "id-1", "version-id-1")
    assert (new.type, new.stage, new.sealed, new.created_at) == (
        SecretType.API_KEY,
        Stage.CURRENT,
        Sealed(b"sealed"),
        AT,
    )
    draft = secrets.SecretDraft(author="user:b", new_id="id-2", type=SecretType.GENERIC, version_id="version-id-2")
    later = secrets.next_version(NAME, head_with(NO_HEAD, new), new, draft, Sealed(b"more"), revision=9, at=LATER)
    assert (later.id, later.version, later.version_id, later.type) == ("id-1", 2, "version-id-2", SecretType.GENERIC)
    assert (later.created_by, later.updated_by, later.sealed) == ("user:a", "user:b", Sealed(b"more"))


def test_a_stored_config_comes_back_whole_and_its_record_holds_no_value() -> None:
    record = config().to_record()
    assert configs.ConfigVersion.whole(NAME, record, '{"a":1}') == config()
    assert not {"name", "value"} & set(record) and record["change_type"] == "create"
    assert isinstance(configs.ConfigVersion.whole(NAME, record, "1").change_type, ChangeType)


def test_a_stored_secret_comes_back_whole_and_its_record_holds_nothing_sealed() -> None:
    record = secret().to_record()
    found = secrets.SecretVersion.whole(NAME, record, Sealed(b"sealed"), Stage.CURRENT)
    assert found == secret()
    assert isinstance(found.type, SecretType) and isinstance(found.change_type, ChangeType)
    assert not {"name", "sealed", "stage"} & set(record)
    assert {"id", "version", "version_id", "type", "revision", "reason"} <= set(record)


@pytest.mark.parametrize(("version", "stage"), [(3, Stage.CURRENT), (2, Stage.PREVIOUS), (1, Stage.PREVIOUS)])
def test_the_newest_version_is_current_and_the_others_are_previous(version: int, stage: Stage) -> None:
    assert SecretHead(3, 3, 3).stage_of(version, Mark.LIVE) is stage


def test_the_record_of_a_config_names_its_value_by_its_digest() -> None:
    told = config().told(entry("configs"))
    digest = hashlib.sha256(b'{"a":1}').hexdigest()
    assert (told.id, told.at, told.event_type) == ("entry-1", AT, "config.created")
    assert told.metadata == {
        "change_type": ChangeType.CREATE,
        "version": 1,
        "previous_version": None,
        "revision": 7,
        "reason": "why",
        "value_sha256": digest,
    }


def test_the_record_of_a_secret_says_which_version_and_nothing_of_its_value() -> None:
    told = secret().told(entry("secrets"))
    assert (told.id, told.at, told.event_type) == ("entry-1", AT, "secret.created")
    assert told.metadata == {
        "change_type": ChangeType.CREATE,
        "version": 1,
        "previous_version": None,
        "revision": 7,
        "reason": "why",
        "version_id": "version-id-1",
    }


def test_what_a_commit_adds_stands_beside_what_the_entry_said() -> None:
    asked = entry("tenants").with_metadata(before=1)
    told = committed(asked, ChangeType.CREATE, at=LATER, version=2, revision=3, tier="free")
    assert (told.at, told.event_type) == (LATER, "tenant.created")
    assert told.metadata == {
        "before": 1,
        "change_type": ChangeType.CREATE,
        "version": 2,
        "previous_version": 1,
        "revision": 3,
        "tier": "free",
    }


def test_an_entry_comes_back_whole() -> None:
    told = config().told(entry("configs"))
    assert JournalEntry.from_record(told.to_record()) == told


def test_a_tenant_comes_back_whole() -> None:
    tenant = Tenant(TENANT, "acme", Tier.PREMIUM, Status.SUSPENDED, "key-1", AT, "user:root")
    record = tenant.to_record()
    assert record["name"] == "acme" and Tenant.from_record(record) == tenant
    found = Tenant.from_record({**record, "tier": "premium", "status": "suspended"})
    assert isinstance(found.tier, Tier) and isinstance(found.status, Status)


def test_only_an_active_tenant_is_let_in() -> None:
    active = Tenant(TENANT, "acme", Tier.FREE, Status.ACTIVE, "key-1", AT, "user:root")
    assert require_active(active) is active
    suspended = Tenant(TENANT, "acme", Tier.FREE, Status.SUSPENDED, "key-1", AT, "user:root")
    for refused in (suspended, None):
        with pytest.raises(Unauthenticated):
            require_active(refused)


def test_the_actor_of_a_record_is_the_caller_with_its_roles_in_order() -> None:
    caller = Caller(TENANT, "app:x", frozenset({"viewer", "operator"}), actor_type="service_account")
    assert Actor.of(caller) == Actor("app:x", "service_account", ("operator", "viewer"))


@pytest.mark.parametrize(
    ("roles", "kind"),
    [
        ({"service-account"}, "service_account"),
        ({"service-account", "viewer"}, "service_account"),
        ({"viewer"}, "user"),
    ],
)
def test_a_service_account_is_told_from_a_user_by_its_role(roles: set[str], kind: str) -> None:
    assert actor_type_of(frozenset(roles)) == kind


@pytest.mark.parametrize(
    ("namespaces", "globs"),
    [
        pytest.param("team/a, team/b", ("team/a", "team/b"), id="one text with commas"),
        pytest.param(["team/a", " team/b "], ("team/a", "team/b"), id="a list"),
        pytest.param(("team/a",), ("team/a",), id="a tuple"),
        pytest.param(" , ,", (), id="commas alone"),
        pytest.param(["team/a", 1], (), id="a list that holds something else"),
        pytest.param({"team/a": 1}, (), id="an object"),
        pytest.param(None, (), id="nothing"),
    ],
)
def test_the_reach_of_a_service_account_is_read_from_its_attribute(namespaces: Any, globs: tuple[str, ...]) -> None:
    assert allowed_namespaces({"namespaces": namespaces}) == globs
    assert allowed_namespaces({}) == ()


def test_a_sealed_value_is_bound_to_its_whole_name_and_version() -> None:
    """Stored messages hold these very words: another word would open none of them."""
    assert binding(NAME, 3) == {
        "tenant": TENANT,
        "environment": "production",
        "namespace": "team",
        "key": "key",
        "version": "3",
        "purpose": "llm-config-secret",
    }


def test_the_record_of_what_was_brought_back_says_from_which_version() -> None:
    back = configs.next_version(NAME, config(), replace(DRAFT, from_version=1), revision=8, at=LATER)
    assert back.told(entry("configs")).metadata["from_version"] == 1
    assert "from_version" not in config().told(entry("configs")).metadata
    record = {**back.to_record(), "change_type": "update"}
    assert "value" not in record and "name" not in record
    metadata = configs.ConfigMetadata.from_record(NAME, record)
    assert (type(metadata), metadata.from_version, metadata.version) == (configs.ConfigMetadata, 1, 2)
    assert metadata.change_type is ChangeType.UPDATE
    assert metadata.name == NAME


def test_a_purge_is_kept_with_its_number_and_time() -> None:
    assert Purge(3, AT).to_record() == {"generation": 3, "at": AT}


@pytest.mark.parametrize(
    ("at", "wait"),
    [("2026-01-02T03:04:05.000Z", "05"), ("2026-01-02T03:04:05.001Z", "06"), ("2026-01-02T03:04:05.999Z", "06")],
)
def test_a_wait_of_whole_seconds_is_never_early(at: str, wait: str) -> None:
    assert times.whole_seconds(at) == f"2026-01-02T03:04:{wait}Z"


def test_later_is_so_many_seconds_after() -> None:
    assert times.rfc3339(times.later(times.parse(AT), 61)) == "2026-01-02T03:05:06.678Z"
