"""Both families of adapters, held the same way: what a conformance suite may know about the home it runs on."""

import json
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import psycopg
from botocore.awsrequest import AWSResponse
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from moto.core.botocore_stubber import MockRawResponse

from llm_config.adapters.dynamodb import keys
from llm_config.adapters.dynamodb.items import encoded
from llm_config.adapters.log_stream.lines import access_in
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import PLATFORM, TenantId
from llm_config_domain.rotation.runs import name_of
from llm_config_domain.tenants import Status
from llm_config_local.adapters.audit_exports import PATH as EXPORTS
from llm_config_local.adapters.audit_signer import RECEIPTS_PUBLIC_KEY
from llm_config_local.family import EmbeddedFamily
from tests.support.aws import AUDIT_FILES, PREFIX, AwsKit, on_aws
from tests.support.clocks import SteppedClock
from tests.support.homes import ISSUER, Kit
from tests.support.postgres import owner_of

ReadOutput = Callable[[], str]
"""What was printed since the last time."""
REQUEST_LINE = {
    "level": "INFO",
    "request_id": "request-1",
    "operation": "get_config",
    "status": "success",
    "cache_level": "none",
    "duration_ms": 1.5,
}


class HomeUnderTest(ABC):
    """A home under test. Suites ask it for ports, and for what lies in the store when they are done."""

    def __init__(self, kit: Kit, clock: SteppedClock, output: ReadOutput) -> None:
        self.kit, self.clock, self.output = kit, clock, output

    def provide(self, port: str) -> Any:
        return self.kit.provide(port)

    def end_request(self) -> None:
        """As the runtime does when it has answered."""
        self.provide("request_log").write(REQUEST_LINE)

    def tenant(self, name: str) -> TenantId:
        return self.kit.tenant(name)

    def changes(self, tenant: TenantId, *kinds: str) -> list[JournalEntry]:
        """The recorded changes of a tenant's configs and secrets, line by line in the order of their revisions."""
        return [entry for entry in self._changes(tenant) if entry.resource.type in (kinds or ("configs", "secrets"))]

    @abstractmethod
    def _changes(self, tenant: TenantId) -> list[JournalEntry]: ...

    @abstractmethod
    def accesses(self, tenant: TenantId) -> list[JournalEntry]:
        """The recorded accesses of a tenant, once everything that was noted is durable."""

    @abstractmethod
    def holds(self, content: bytes) -> bool:
        """Do these bytes stand anywhere in the store?"""

    @abstractmethod
    def receipt_key(self) -> str:
        """The public key of receipts (PEM)."""

    @abstractmethod
    def audit_holds(self, text: str) -> bool:
        """Does this stand in any row of the audit's own tables?"""

    @abstractmethod
    def started(self) -> AbstractContextManager[list[str]]:
        """The runs of rotations that were started meanwhile, by name, each as often as the engine was told."""

    @abstractmethod
    def suspend(self, tenant: TenantId) -> None:
        """No operation does it yet, so the row is written by hand."""

    @abstractmethod
    def listen(self) -> Callable[[], list[Any]]:
        """From now on what the bus is given is kept: the answer tells the events that it took, in their order."""

    @abstractmethod
    def fetched(self, url: str) -> bytes | None:
        """What somebody without a credential finds at an address that the home gave."""

    @abstractmethod
    def hang_up(self) -> None:
        """From now on nobody is connected to the gateway."""

    def _suspended(self, tenant: TenantId) -> str:
        record = self.provide("tenant_reader").by_id(tenant).to_record()
        return json.dumps({**record, "status": Status.SUSPENDED})


class SqliteHome(HomeUnderTest):
    def __init__(self, family: EmbeddedFamily, output: ReadOutput) -> None:
        self._family, clock = family, SteppedClock()
        vars(family)["clock"] = clock
        super().__init__(Kit(family.tokens, family.factories()), clock, output)

    def _changes(self, tenant: TenantId) -> list[JournalEntry]:
        return self._entries(tenant, "line <> 'A' ORDER BY line, namespace, revision, ordinal")

    def accesses(self, tenant: TenantId) -> list[JournalEntry]:
        self._family.access_log.close()
        return self._entries(tenant, "line = 'A' ORDER BY sequence")

    def holds(self, content: bytes) -> bool:
        with closing(sqlite3.connect(self._family.directory / "store.sqlite")) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return any(content in file.read_bytes() for file in self._family.directory.glob("store.sqlite*"))

    def receipt_key(self) -> str:
        return (self._family.directory / RECEIPTS_PUBLIC_KEY).read_text()

    def audit_holds(self, text: str) -> bool:
        with closing(sqlite3.connect(self._family.directory / "store.sqlite")) as db:
            tables = db.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'audit_%'"
            ).fetchall()
            return any(text in str(db.execute(f"SELECT * FROM {table}").fetchall()) for (table,) in tables)

    @contextmanager
    def started(self) -> Iterator[list[str]]:
        found: list[str] = []
        self._family.engine.connect(lambda rotation: found.append(name_of(rotation)))
        yield found
        self._family.engine.connect(None)

    def suspend(self, tenant: TenantId) -> None:
        record = self._suspended(tenant)
        self._family.store.write(lambda db: db.execute("UPDATE tenants SET record = ? WHERE id = ?", (record, tenant)))

    def listen(self) -> Callable[[], list[Any]]:
        taken: list[Any] = []
        self._family.event_bus.listen(taken.append)
        return lambda: taken

    def fetched(self, url: str) -> bytes | None:
        parts = urlsplit(url)
        path = self._family.audit_exports.fetched(parts.path.removeprefix(f"{EXPORTS}/"), dict(parse_qsl(parts.query)))
        return path.read_bytes() if path else None

    def hang_up(self) -> None:
        """Nobody ever is."""

    def _entries(self, tenant: TenantId, which: str) -> list[JournalEntry]:
        with closing(sqlite3.connect(self._family.directory / "store.sqlite")) as db:
            found = db.execute(f"SELECT entry FROM journal WHERE tenant = ? AND {which}", (tenant,)).fetchall()
        return [JournalEntry.from_record(json.loads(row[0])) for row in found]


class DynamoHome(HomeUnderTest):
    def __init__(self, kit: AwsKit, output: ReadOutput) -> None:
        super().__init__(kit, kit.clock, output)
        self.account = kit.account

    def _changes(self, tenant: TenantId) -> list[JournalEntry]:
        return self._entries(lambda pk: pk.startswith(f"T#{tenant}#") and "#A#" not in pk)

    def accesses(self, tenant: TenantId) -> list[JournalEntry]:
        self.end_request()
        carried = (access_in(json.loads(line)) for line in self.output().splitlines())
        noted = [access.entry for access in carried if access and access.entry.tenant == tenant]
        return self._entries(lambda pk: pk.startswith(f"T#{tenant}#A#")) + noted

    def holds(self, content: bytes) -> bool:
        rows = [row for table in keys.TABLES for row in self.account.rows(table)]
        return any(attribute.get("B") == content for row in rows for attribute in row.values())

    def receipt_key(self) -> str:
        told = self.account.client("kms").get_public_key(KeyId=self.account.receipt_key)["PublicKey"]
        public = load_der_public_key(told)
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def audit_holds(self, text: str) -> bool:
        asked = "SELECT relname FROM pg_class WHERE relname LIKE 'audit_%' AND relkind IN ('r', 'p')"
        with psycopg.connect(owner_of(self.account.database())) as db:
            tables = db.execute(asked).fetchall()
            return any(text in str(db.execute(f"SELECT * FROM {table}".encode()).fetchall()) for (table,) in tables)

    @contextmanager
    def started(self) -> Iterator[list[str]]:
        found: list[str] = []
        yield found
        found += self.account.executions()

    def suspend(self, tenant: TenantId) -> None:
        key = keys.tenant(tenant)
        item = encoded({"pk": key.pk, "sk": key.sk, "record": self._suspended(tenant)})
        self.account.client("dynamodb").put_item(TableName=f"{PREFIX}control", Item=item)

    def listen(self) -> Callable[[], list[Any]]:
        return lambda: [json.loads(entry["Detail"]) for entry in self.account.events]

    def fetched(self, url: str) -> bytes | None:
        parts = urlsplit(url)
        assert "X-Amz-Signature" in parts.query and "X-Amz-Expires=900" in parts.query
        s3, key = self.account.client("s3"), parts.path.rpartition(f"{AUDIT_FILES}/")[2].lstrip("/")
        found = s3.list_objects_v2(Bucket=AUDIT_FILES, Prefix=key).get("Contents")
        return bytes(s3.get_object(Bucket=AUDIT_FILES, Key=key)["Body"].read()) if found else None

    def hang_up(self) -> None:
        """moto takes every connection for an open one (API Gateway Management API, "GoneException")."""
        headers: Any = {"x-amzn-errortype": "GoneException", "content-type": "application/json"}
        gone = AWSResponse("https://gateway.test", 410, headers, MockRawResponse(b"{}"))
        for operation in ("PostToConnection", "DeleteConnection"):
            self.account.faults[f"apigatewaymanagementapi:{operation}"] = lambda call: gone

    def _entries(self, wanted: Callable[[str], bool]) -> list[JournalEntry]:
        found = [row for row in self.account.rows("journal") if wanted(row["pk"]["S"])]
        found.sort(key=lambda row: (row["pk"]["S"], row["sk"]["S"]))
        return [JournalEntry.from_record(json.loads(row["entry"]["S"])) for row in found]


@contextmanager
def sqlite(directory: Path, read_output: ReadOutput) -> Iterator[HomeUnderTest]:
    family = EmbeddedFamily(directory, ISSUER)
    home = SqliteHome(family, read_output)
    home.kit.tenant("platform", PLATFORM)
    try:
        yield home
    finally:
        family.close()


@contextmanager
def dynamodb(directory: Path, read_output: ReadOutput) -> Iterator[HomeUnderTest]:
    with on_aws(directory) as kit:
        yield DynamoHome(kit, read_output)


FAMILIES: dict[str, Callable[[Path, ReadOutput], AbstractContextManager[HomeUnderTest]]] = {
    "sqlite": sqlite,
    "dynamodb": dynamodb,
}
