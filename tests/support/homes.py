"""An embedded home inside the test's own process: real adapters, real handlers, no sockets."""

import base64
import gzip
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from llm_config.operations.catalog import OPERATIONS
from llm_config.runtime.endpoint import endpoint
from llm_config.runtime.routes import Routes
from llm_config_domain import json_text, times
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import PLATFORM, TenantId
from llm_config_domain.tenants import Status, Tenant, Tier
from llm_config_local.adapters.issuer import LocalIssuer
from llm_config_local.family import EmbeddedFamily
from llm_config_local.home import setup_entry, signed_token
from tests.support.described import check_described

ISSUER = "http://127.0.0.1:1"


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json_text.read(self.text)

    @property
    def document(self) -> Any:
        """The body, if there is one."""
        return self.json if self.text else None


class Kit:
    """Handlers over any family of adapters, and tokens of a local issuer to call them with."""

    def __init__(self, tokens: LocalIssuer, factories: Mapping[str, Any]) -> None:
        self.tokens = tokens
        self._made: dict[str, Any] = {}
        self._opening = threading.RLock()
        self.factories = dict(factories)
        self._routes = Routes(OPERATIONS)
        self.timer = time.perf_counter
        """By which a request's duration is told."""

    def provide(self, port: str) -> Any:
        with self._opening:  # as the wiring of a served home does it
            if port not in self._made:
                self._made[port] = self.factories[port]()
            return self._made[port]

    def forget(self) -> None:
        """Open every port anew: after `factories` was changed."""
        self._made.clear()

    def tenant(self, name: str, tenant_id: TenantId | None = None) -> TenantId:
        new = tenant_id or TenantId(self.provide("identifiers").ulid())
        at = times.rfc3339(self.provide("clock").now())
        tenant = Tenant(new, name, Tier.STANDARD, Status.ACTIVE, "", at, "system:setup")
        entry = setup_entry(new, self.provide("identifiers").ulid(), at)
        self.provide("tenant_writer").create(
            tenant, lambda made: self.provide("tenant_keys").create(made, tenant.tier), entry=entry, idempotency=None
        )
        return new

    def token(self, tenant: TenantId, *roles: str, **more: Any) -> str:
        now = self.provide("clock").now().timestamp()
        return signed_token(self.tokens, now, tenant, roles, **more)

    def call(
        self,
        method: str,
        url: str,
        body: Any = None,
        *,
        token: str | None = None,
        raw: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """One request as API Gateway would hand it to the function of its route."""
        path, _, query = url.partition("?")
        match = self._routes.match(method, path)
        sent = raw if raw is not None else (json.dumps(body).encode() if body is not None else b"")
        told = {"content-type": "application/json", **(headers or {})}
        if token:
            told["authorization"] = f"Bearer {token}"
        event = {
            "version": "2.0",
            "rawPath": path,
            "headers": told,
            "pathParameters": match.path_parameters,
            "queryStringParameters": dict(pair.split("=", 1) for pair in query.split("&") if pair),
            "requestContext": {
                "requestId": "test-request",
                "http": {"method": method, "path": path, "sourceIp": "127.0.0.1"},
            },
            "body": sent.decode("latin-1") if not _is_text(sent) else sent.decode(),
            "isBase64Encoded": False,
        }
        if not _is_text(sent):
            event |= {"body": base64.b64encode(sent).decode(), "isBase64Encoded": True}
        result = endpoint(match.operation, self.provide, self.timer)(event, None)
        text = _decoded(result)
        check_described(match.operation, result["statusCode"], result["headers"], text)
        return Reply(result["statusCode"], result["headers"], text)


def _decoded(result: Mapping[str, Any]) -> str:
    """The body as a client reads it, however it was sent."""
    text: str = result["body"]
    if not result.get("isBase64Encoded"):
        return text
    raw = base64.b64decode(text)
    return (gzip.decompress(raw) if result["headers"].get("Content-Encoding") == "gzip" else raw).decode()


def _is_text(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


class EmbeddedKit(Kit):
    """A kit over the embedded family, whose store a test may look into."""

    def __init__(self, family: EmbeddedFamily, factories: Mapping[str, Any]) -> None:
        super().__init__(family.tokens, factories)
        self.family = family

    def accesses(self) -> list[JournalEntry]:
        """What was recorded at once, oldest first (what is recorded behind may still be on its way)."""
        with self.family.store.snapshot() as db:
            rows = db.execute("SELECT entry FROM journal WHERE line = 'A' ORDER BY sequence").fetchall()
        return [JournalEntry.from_record(json.loads(text)) for (text,) in rows]


@contextmanager
def embedded(directory: Path, **replaced: Any) -> Iterator[EmbeddedKit]:
    """A fresh embedded home in `directory`, with its platform tenant; `replaced` stands for ports of those names."""
    directory.mkdir(exist_ok=True)
    family = EmbeddedFamily(directory, ISSUER)
    if "clock" in replaced:
        family.__dict__["clock"] = replaced["clock"]  # before any adapter is made with it
    if "subject_key" in replaced:
        family.__dict__["new_subject_key"] = replaced.pop("subject_key")
    others = {port: lambda adapter=adapter: adapter for port, adapter in replaced.items()}
    kit = EmbeddedKit(family, {**family.factories(), **others})
    kit.tenant("platform", PLATFORM)
    try:
        yield kit
    finally:
        family.close()
