"""Two worlds that differ only in what other tenants hold. Whoever can tell them apart has seen another tenant."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from llm_config_domain import times
from llm_config_domain.api_keys import ApiKey, HeldKey
from llm_config_domain.errors import Conflict
from llm_config_domain.names import PLATFORM, Name, TenantId
from llm_config_domain.policy import Resource
from llm_config_domain.rotation.beginnings import Beginning
from llm_config_domain.rotation.plan import Cause, Wishes
from llm_config_domain.secrets.values import Plaintext
from llm_config_domain.subscriptions import HeldSubscription, Subscription
from llm_config_local.adapters.issuer import LocalIssuer
from llm_config_local.home import setup_entry, signed_token
from tests.isolation.matrix import (
    ACME,
    ENTRIES,
    IDS,
    KEYS,
    ROTATIONS,
    SUBSCRIPTIONS,
    Case,
    aimed,
    held_names,
    own_path,
    said_namespaces,
)
from tests.isolation.oracle import ENVIRONMENTS, NAME, ROWS, Who
from tests.isolation.stored import Rows, Stored
from tests.support.exemplars import Exemplar, exemplar
from tests.support.golden import StandingClock
from tests.support.homes import ISSUER, EmbeddedKit, Kit, Reply, embedded
from tests.support.signing import StandingAuditSigner, StandingSigner

_STEP = 1000


class SteppedIdentifiers:
    """Counts up, from wherever a case says."""

    def __init__(self) -> None:
        self.next = 0

    def ulid(self) -> str:
        self.next += 1
        return f"01J0{self.next:022d}"

    def salt(self) -> str:
        self.next += 1
        return f"{self.next:032x}"

    def secret(self) -> str:
        self.next += 1
        return f"{self.next:064x}"


@dataclass
class World:
    kit: EmbeddedKit
    identifiers: SteppedIdentifiers
    others: tuple[TenantId, ...]

    db: sqlite3.Connection

    def __post_init__(self) -> None:
        self._stored = Stored(self.db)
        self._credentials: dict[Who, str | None] = {}
        self.beginning = self.rows()

    def rows(self) -> Rows:
        return self._stored.rows()

    def changed_of_others(self, rows: Rows) -> list[str]:
        """What `rows` lost or won of the other tenants since the beginning."""
        changed = [repr(row) for table in self._changed(rows) for row in set(rows[table]) ^ set(self.beginning[table])]
        return [row for row in changed if any(other in row for other in self.others)]

    def _changed(self, rows: Rows) -> list[str]:
        return [table for table in rows if rows[table] != self.beginning[table]]

    def restore(self) -> None:
        """Put everything back to the beginning, if anything changed."""
        if changed := self._changed(self.rows()):
            self.kit.family.store.write(lambda db: self._restore(db, changed))
            self.kit.forget()  # what is in memory was said by a store that is no more

    def _restore(self, db: sqlite3.Connection, changed: list[str]) -> None:
        db.execute("PRAGMA defer_foreign_keys=ON")
        for table in changed:
            db.execute(f"DELETE FROM {table}")
            for row in self.beginning[table]:
                db.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)

    def send(self, case: Case, number: int) -> Reply:
        """The answer to `case`. Two worlds that are given one number give equal ids."""
        if case.row.resource == "audit":
            self._forget_accesses()
        self.identifiers.next = number * _STEP
        if case.who not in self._credentials:  # time stands still here: no token gets old
            self._credentials[case.who] = credential(self.kit, case.who, self.kit.family.directory)
        return send(self.kit, case, self._credentials[case.who])

    def _forget_accesses(self) -> None:
        """The record begins anew: two worlds were asked other things before."""
        self.kit.family.access_log.flush()

        def job(db: sqlite3.Connection) -> None:
            known = ", ".join(f"'{entry}'" for entry in ENTRIES.values())
            db.execute(f"DELETE FROM journal WHERE line = 'A' AND id NOT IN ({known})")
            for table in ("audit_heads", "audit_leaves", "audit_nodes", "audit_subjects", "watermarks"):
                db.execute(f"DELETE FROM {table}")

        self.kit.family.store.write(job)


def send(kit: Kit, case: Case, token: str | None) -> Reply:
    asked = case.request
    return kit.call(asked.method, asked.url, asked.body, token=token, headers=asked.headers)


def credential(kit: Kit, who: Who, directory: Path) -> str | None:
    if who.said == "no credential":
        return None
    tenant, roles = PLATFORM if who.platform else ACME, [who.role] if who.role else []
    if who.valid:
        attributes = {"namespaces": ",".join(who.reach)} if who.reach else {}
        return kit.token(tenant, *roles, attributes=attributes)
    if who.said == "an expired token":
        return kit.token(tenant, *roles, ttl=-3600)
    elsewhere = directory / "elsewhere"
    elsewhere.mkdir(exist_ok=True)
    issuer = LocalIssuer(elsewhere, ISSUER if who.said == "a forged signature" else "https://issuer.example")
    issuer.kid = kit.tokens.kid if who.said == "a forged signature" else issuer.kid
    return signed_token(issuer, kit.provide("clock").now().timestamp(), tenant, roles)


def furnish_key(kit: Kit, tenant: str) -> None:
    """Let `tenant` hold its API key, under the id that the matrix knows it by."""
    at = times.rfc3339(kit.provide("clock").now())
    about: dict[str, Any] = {"name": f"of {tenant}", "roles": ("viewer",), "namespaces": None, "cidr": ()}
    key = ApiKey(id=KEYS[tenant], tenant=IDS[tenant], expires_at=None, created_at=at, created_by="user:local", **about)
    entry = replace(
        setup_entry(IDS[tenant], kit.provide("identifiers").ulid(), at), resource=Resource("api_keys", key.id)
    )
    kit.provide("api_key_writer").create(HeldKey(key, "00" * 32), entry=entry, idempotency=None)


def furnish_subscription(kit: Kit, tenant: str) -> None:
    """Let `tenant` have a subscription, under the id that the matrix knows it by."""
    at = times.rfc3339(kit.provide("clock").now())
    about: dict[str, Any] = {"namespaces": ("*",), "types": (), "description": f"of {tenant}"}
    new = Subscription(
        id=SUBSCRIPTIONS[tenant],
        tenant=IDS[tenant],
        url="https://1.1.1.1/",
        created_at=at,
        created_by="user:local",
        **about,
    )
    entry = replace(
        setup_entry(IDS[tenant], kit.provide("identifiers").ulid(), at), resource=Resource("subscriptions", new.id)
    )
    sealed = kit.provide("sealer").seal(new.name, 1, Plaintext(b"whsec_"))
    kit.provide("subscription_writer").create(HeldSubscription(new, sealed), entry=entry, idempotency=None)


def furnish_rotation(kit: Kit, tenant: str) -> None:
    """Let `tenant` rotate a secret, under the id that the matrix knows the rotation by."""
    url, body = "/api/v1/secrets/llm-gateway/routing/rotated?environment=production", {"type": "generic", "value": "x"}
    assert kit.call("PUT", url, body, token=kit.token(IDS[tenant], "global-admin")).status in (200, 201)
    at, name = (
        times.rfc3339(kit.provide("clock").now()),
        Name(IDS[tenant], "llm-gateway/routing", "rotated", "production"),
    )
    about: dict[str, Any] = {"cause": Cause.MANUAL, "requested_by": f"of {tenant}", "wishes": Wishes()}
    beginning = Beginning(rotation_id=ROTATIONS[tenant], name=name, **about)
    entry = replace(
        setup_entry(IDS[tenant], kit.provide("identifiers").ulid(), at), resource=Resource("secrets", name.path)
    )
    with suppress(Conflict):  # it runs, so two tenants are one: the cases will tell
        kit.provide("rotation_writer").begin(beginning, entry=entry, idempotency=None)


def furnish_entry(kit: Kit, tenant: str) -> None:
    """Let an entry of a known id stand in `tenant`'s record."""
    at = times.rfc3339(kit.provide("clock").now())
    kit.provide("journal").append([replace(setup_entry(IDS[tenant], ENTRIES[tenant], at), event_type="config.read")])


def furnish_namespaces(kit: Kit, tenant: str) -> None:
    """Let `tenant` say something about its namespaces."""
    for namespace, holders in said_namespaces(own_path("put_namespace")).items():
        if tenant in holders:
            url, body = f"/api/v1/namespaces/{namespace}", {"description": f"of {tenant}"}
            assert kit.call("PUT", url, body, token=kit.token(IDS[tenant], "global-admin")).status in (200, 201)


def furnish(kit: Kit, tenant: str, environments: tuple[str, ...] = ENVIRONMENTS) -> None:
    """Let `tenant` hold what each exemplary request about a name is about, and the names around it that are its own."""
    furnish_key(kit, tenant)
    furnish_subscription(kit, tenant)
    furnish_rotation(kit, tenant)
    furnish_entry(kit, tenant)
    furnish_namespaces(kit, tenant)
    token, done = kit.token(IDS[tenant], "global-admin"), set()
    for operation in (name for name, row in ROWS.items() if row.about == NAME):
        for path, holders in held_names(own_path(operation)).items():
            for environment in environments if tenant in holders else ():
                for needed in _needed(exemplar(operation)):
                    if (what := (needed.operation, needed.case, path, environment)) in done:
                        continue
                    done.add(what)
                    asked = aimed(needed, path, environment)
                    body = {**asked.body, "reason": f"of {tenant}"}
                    reply = kit.call(asked.method, asked.url, body, token=token)
                    assert reply.status in (200, 201), (operation, needed.operation, reply.text)


_WRITING = {name for name, row in ROWS.items() if (row.present, row.absent) == (200, 201)} | {"put_rotation_schedule"}


def _needed(sample: Exemplar) -> list[Exemplar]:
    """What happens before `sample` so that it finds something: its own given, or itself when it writes."""
    found = [one for one in (*sample.given, sample) if ROWS[one.operation].about == NAME]
    written = [one for one in found if one.operation in _WRITING]
    return [one for one in written if own_path(one.operation) == own_path(sample.operation)]


def told(reply: Reply) -> str:
    """The whole answer. The request's id is the test's own, so that it is equal wherever the rest is."""
    return json.dumps([reply.status, dict(reply.headers), reply.text])


@contextmanager
def world(directory: Path, *tenants: str) -> Iterator[World]:
    identifiers = SteppedIdentifiers()
    standing = {"clock": StandingClock(), "token_signer": StandingSigner(), "audit_signer": StandingAuditSigner()}
    with embedded(directory, identifiers=identifiers, subject_key=lambda: "5" * 64, **standing) as kit:
        for tenant in tenants:
            identifiers.next = _STEP * (1 + sorted(IDS).index(tenant))
            kit.tenant(tenant, IDS[tenant])
            furnish(kit, tenant)
        others = tuple(IDS[tenant] for tenant in tenants if tenant != "acme")
        with closing(sqlite3.connect(kit.family.directory / "store.sqlite")) as db:
            yield World(kit, identifiers, others, db)


@contextmanager
def both_worlds(directory: Path) -> Iterator[tuple[World, World]]:
    with ExitStack() as stack:
        full = stack.enter_context(world(directory / "full", "acme", "acme-corp", "globex"))
        bare = stack.enter_context(world(directory / "bare", "acme"))
        yield full, bare
