"""Drafts, entries and writes for tests that speak to ports rather than to routes."""

from dataclasses import replace
from typing import Any

from llm_config.ports.config_writer import Step
from llm_config_domain import times
from llm_config_domain.api_keys import ApiKey, HeldKey
from llm_config_domain.caches import Purge
from llm_config_domain.configs.changes import Change, Replacement
from llm_config_domain.configs.entries import ConfigVersion
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import Actor, JournalEntry, Result
from llm_config_domain.names import Name, TenantId
from llm_config_domain.namespaces import Namespace, NamespaceDraft
from llm_config_domain.policy import Resource
from llm_config_domain.rotation.settings import SettingsDraft
from llm_config_domain.secrets.entries import SecretDraft, SecretMetadata, SecretType
from llm_config_domain.secrets.lifecycle import Move
from llm_config_domain.secrets.values import Plaintext
from llm_config_domain.subscriptions import HeldSubscription, Subscription
from llm_config_domain.tenants import Status, Tenant, Tier
from llm_config_domain.versions import Committed, Preconditions
from tests.support.families import HomeUnderTest

ANYHOW = Preconditions()
SALT = "00" * 16


def name_of(tenant: TenantId, path: str = "gateway/primary", environment: str = "production") -> Name:
    namespace, _, key = path.rpartition("/")
    return Name(tenant, namespace, key, environment)


def entry_about(home: HomeUnderTest, kind: str, name: Name, **metadata: Any) -> JournalEntry:
    return JournalEntry(
        id=home.provide("identifiers").ulid(),
        at=times.rfc3339(home.clock.now()),
        tenant=name.tenant,
        event_type=f"{kind}.asked",
        severity="info",
        actor=Actor("user:ana", "user", ("operator",)),
        action=f"{kind}:write",
        resource=Resource(kind, name.path, name.environment),
        result=Result("success"),
        request_id="request-1",
        metadata=metadata,
    )


def promise(tenant: TenantId, key: str, body: bytes = b"{}", operation: str = "put_config") -> Idempotency:
    return Idempotency(tenant, operation, key, SALT, body)


def put_config(
    home: HomeUnderTest,
    name: Name,
    value: str = "1",
    *,
    preconditions: Preconditions = ANYHOW,
    idempotency: Idempotency | None = None,
    **draft: Any,
) -> Committed[ConfigVersion]:
    told = {"classification": "internal", "tags": {}, **draft}
    return change_config(home, name, Replacement, preconditions, idempotency, value=value, **told)


def change_config(
    home: HomeUnderTest,
    name: Name,
    kind: type[Change],
    preconditions: Preconditions = ANYHOW,
    idempotency: Idempotency | None = None,
    **more: Any,
) -> Committed[ConfigVersion]:
    done = home.provide("config_writer").write([step(home, name, kind, preconditions, **more)], idempotency=idempotency)
    return Committed(done.version[0], done.replayed)


def step(
    home: HomeUnderTest, name: Name, kind: type[Change], preconditions: Preconditions = ANYHOW, **more: Any
) -> Step:
    new_id = home.provide("identifiers").ulid()
    change = kind(author="user:ana", new_id=new_id, preconditions=preconditions, **more)
    return Step(name, change, entry_about(home, "configs", name))


def put_secret(
    home: HomeUnderTest,
    name: Name,
    value: bytes = b'"sk-1"',
    *,
    preconditions: Preconditions = ANYHOW,
    idempotency: Idempotency | None = None,
    activate: bool = True,
    rotation: SettingsDraft | None = None,
    **said: Any,
) -> Committed[SecretMetadata]:
    writer, sealer, ids = home.provide("secret_writer"), home.provide("sealer"), home.provide("identifiers")
    about: dict[str, Any] = {"type": SecretType.GENERIC, "author": "user:ana", "activate": activate, **said}
    brought = SecretDraft(new_id=ids.ulid(), version_id=ids.ulid(), **about)
    done: Committed[SecretMetadata] = writer.put(
        name,
        brought,
        lambda version: sealer.seal(name, version, Plaintext(value)),
        preconditions,
        entry=entry_about(home, "secrets", name),
        idempotency=idempotency,
        rotation=rotation,
    )
    return done


def move_secret(
    home: HomeUnderTest, name: Name, move: Move, idempotency: Idempotency | None = None
) -> Committed[tuple[SecretMetadata, ...]]:
    entry = entry_about(home, "secrets", name)
    done: Committed[tuple[SecretMetadata, ...]] = home.provide("secret_writer").move(
        name, move, entry=entry, idempotency=idempotency
    )
    return done


def new_tenant(home: HomeUnderTest, name: str, tenant: TenantId | None = None) -> Tenant:
    new = tenant or TenantId(home.provide("identifiers").ulid())
    return Tenant(new, name, Tier.STANDARD, Status.ACTIVE, "", times.rfc3339(home.clock.now()), "user:root")


def create_tenant(home: HomeUnderTest, tenant: Tenant, idempotency: Idempotency | None = None) -> Committed[Tenant]:
    entry = entry_about(home, "tenants", Name(tenant.id, "", "", ""))
    done: Committed[Tenant] = home.provide("tenant_writer").create(
        tenant, lambda made: home.provide("tenant_keys").create(made, tenant.tier), entry=entry, idempotency=idempotency
    )
    return done


def create_api_key(
    home: HomeUnderTest,
    tenant: TenantId,
    *,
    digest: str = "00" * 32,
    idempotency: Idempotency | None = None,
    **about: Any,
) -> Committed[ApiKey]:
    told = {"name": "a key", "roles": ("viewer",), "namespaces": None, "cidr": (), "expires_at": None, **about}
    at = times.rfc3339(home.clock.now())
    key = ApiKey(id=home.provide("identifiers").ulid(), tenant=tenant, created_at=at, created_by="user:ana", **told)
    done: Committed[ApiKey] = home.provide("api_key_writer").create(
        HeldKey(key, digest), entry=_control_entry(home, "api_keys", tenant, key.id), idempotency=idempotency
    )
    return done


def create_subscription(
    home: HomeUnderTest, tenant: TenantId, *, idempotency: Idempotency | None = None, **about: Any
) -> Committed[Subscription]:
    told = {"url": "https://1.1.1.1/", "namespaces": ("*",), "types": (), "description": "", **about}
    at = times.rfc3339(home.clock.now())
    new_id = home.provide("identifiers").ulid()
    new = Subscription(id=new_id, tenant=tenant, created_at=at, created_by="user:ana", **told)
    sealed = home.provide("sealer").seal(new.name, 1, Plaintext(b"whsec_canary"))
    entry = _control_entry(home, "subscriptions", tenant, new.id)
    done: Committed[Subscription] = home.provide("subscription_writer").create(
        HeldSubscription(new, sealed), entry=entry, idempotency=idempotency
    )
    return done


def end_subscription(
    home: HomeUnderTest, tenant: TenantId, its_id: str, how: str = "delete", **more: Any
) -> Committed[Subscription]:
    """`how` is delete or disable."""
    told = {"idempotency": None, **more} if how == "delete" else {}
    entry = _control_entry(home, "subscriptions", tenant, its_id)
    end = getattr(home.provide("subscription_writer"), how)
    done: Committed[Subscription] = end(tenant, its_id, entry=entry, **told)
    return done


def revoke_api_key(
    home: HomeUnderTest, tenant: TenantId, key_id: str, idempotency: Idempotency | None = None
) -> Committed[ApiKey]:
    done: Committed[ApiKey] = home.provide("api_key_writer").revoke(
        tenant, key_id, entry=_control_entry(home, "api_keys", tenant, key_id), idempotency=idempotency
    )
    return done


def _control_entry(home: HomeUnderTest, kind: str, tenant: TenantId, about: str) -> JournalEntry:
    return replace(entry_about(home, kind, Name(tenant, "", "", "")), resource=Resource(kind, about))


def put_namespace(
    home: HomeUnderTest,
    tenant: TenantId,
    namespace: str,
    *,
    preconditions: Preconditions = ANYHOW,
    idempotency: Idempotency | None = None,
    **said: Any,
) -> Committed[Namespace]:
    entry = _control_entry(home, "namespaces", tenant, namespace)
    done: Committed[Namespace] = home.provide("namespace_writer").put(
        tenant,
        namespace,
        NamespaceDraft(author="user:ana", **said),
        preconditions,
        entry=entry,
        idempotency=idempotency,
    )
    return done


def undescribe(
    home: HomeUnderTest, tenant: TenantId, namespace: str, preconditions: Preconditions = ANYHOW
) -> Committed[Namespace]:
    """Say nothing about a namespace any more."""
    entry = _control_entry(home, "namespaces", tenant, namespace)
    done: Committed[Namespace] = home.provide("namespace_writer").delete(
        tenant, namespace, NamespaceDraft(author="user:ana"), preconditions, entry=entry, idempotency=None
    )
    return done


def purge_caches(home: HomeUnderTest, tenant: TenantId, idempotency: Idempotency | None = None) -> Committed[Purge]:
    entry = _control_entry(home, "caches", tenant, "configs")
    done: Committed[Purge] = home.provide("cache_purger").purge(tenant, entry=entry, idempotency=idempotency)
    return done
