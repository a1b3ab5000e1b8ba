"""A data directory in use: exactly one process serves it, and other commands find out how from `home.json`."""

import fcntl
import json
import os
import socket
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from llm_config.ports.token_signer import TokenSigner
from llm_config.runtime import wiring
from llm_config_domain import times
from llm_config_domain.errors import Conflict
from llm_config_domain.journal import Actor, JournalEntry, Result
from llm_config_domain.names import PLATFORM, TenantId
from llm_config_domain.policy import Resource
from llm_config_domain.tenants import Status, Tenant, Tier
from llm_config_local.adapters.faulty import Faults
from llm_config_local.adapters.key_file import write_durably
from llm_config_local.family import EmbeddedFamily

TOKEN_AUDIENCE = "llm-config"  # noqa: S105 - an audience's name
BACKLOG = 2048


class HomeError(Exception):
    """What the person at the terminal must know; its text says what to do."""


@dataclass(frozen=True, slots=True)
class HomeState:
    """What `home.json` says about the home that serves, or served last."""

    issuer: str
    port: int
    clock_offset: float

    @classmethod
    def read(cls, directory: Path) -> "HomeState | None":
        try:
            told = json.loads((directory / "home.json").read_text())
            return cls(told["issuer"], told["port"], told["clock_offset"])
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, OSError) as error:
            raise HomeError(f"{directory / 'home.json'} cannot be read; remove it and start the home again") from error

    def write(self, directory: Path) -> None:
        told = {"issuer": self.issuer, "port": self.port, "clock_offset": self.clock_offset}
        write_durably(directory / "home.json", json.dumps(told).encode())


class Home:
    """An open home. The lock file keeps a second process out; the socket is bound before anything is promised."""

    def __init__(self, directory: Path, port: int, clock_offset: float = 0) -> None:
        os.umask(stat.S_IRWXG | stat.S_IRWXO)  # what lies in a home is for its owner alone
        directory.mkdir(parents=True, exist_ok=True)
        self.directory = directory
        self._lock = locked(directory)
        earlier = HomeState.read(directory)
        self.socket = bound_socket(port, earlier.port if earlier else 0)
        self.port = self.socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.family = _family(directory, self.url, clock_offset)
        wiring.use(self.family.factories())
        self.create_tenant("platform", PLATFORM, Tier.ENTERPRISE)
        HomeState(self.url, self.port, clock_offset).write(directory)

    def create_tenant(self, name: str, tenant: TenantId | None = None, tier: Tier = Tier.STANDARD) -> TenantId:
        """The tenant of this name, made now if it is not there."""
        writer, reader = wiring.provide("tenant_writer"), wiring.provide("tenant_reader")
        new = tenant or TenantId(wiring.provide("identifiers").ulid())
        at = times.rfc3339(self.family.clock.now())
        record = Tenant(new, name, tier, Status.ACTIVE, "", at, "system:setup")
        try:
            entry = setup_entry(new, wiring.provide("identifiers").ulid(), at)
            done = writer.create(
                record, lambda made: self.family.keys.create(made, tier), entry=entry, idempotency=None
            )
        except Conflict:
            return TenantId(reader.by_name(name).id)
        return TenantId(done.version.id)

    def arm(self, faults: Faults) -> None:
        """From now on the ports fail as `faults` say; what set the home up was not counted."""
        wiring.use(faults.around(self.family.factories()))

    def token(self, tenant: TenantId, roles: Iterable[str], **more: Any) -> str:
        return signed_token(self.family.tokens, self.family.clock.now().timestamp(), tenant, roles, **more)

    def close(self) -> None:
        self.family.close()
        self.socket.close()
        self._lock.close()


def _family(directory: Path, url: str, clock_offset: float) -> EmbeddedFamily:
    """The adapters, their keys read: what is wrong with them shows now and not at the first secret."""
    family = EmbeddedFamily(directory, url, clock_offset)
    try:
        family.tokens, family.keys  # noqa: B018 - made at first sight
    except ValueError as error:
        raise HomeError(f"a key file in {directory} is missing or broken ({error}): put it back") from error
    return family


def signed_token(
    issuer: TokenSigner,
    now: float,
    tenant: TenantId,
    roles: Iterable[str],
    *,
    subject: str = "user:local",
    ttl: int = 3600,
    attributes: Mapping[str, str] | None = None,
) -> str:
    """A JWT of an issuer of ours. A negative `ttl` gives one that has expired."""
    claims = {
        **(attributes or {}),
        "sub": subject,
        "aud": TOKEN_AUDIENCE,
        "tenant_id": tenant,
        "roles": list(roles),
        "iat": int(min(now, now + ttl)),
        "exp": int(now + ttl),
        "jti": _token_id(),
    }
    return issuer.sign(claims)


def _token_id() -> str:
    from ulid import ULID

    return str(ULID())


def bound_socket(port: int, earlier: int) -> socket.socket:
    """A listening socket on 127.0.0.1. Port 0 means the port of last time if it is free, so that tokens stay valid."""
    for candidate in [port] if port else [earlier, 0]:
        # asyncio sets TCP_NODELAY on what it accepts only where the protocol is named; without it an answer waits 40 ms
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", candidate))
            listener.listen(BACKLOG)  # with SO_REUSEADDR only a listening socket keeps a second one off its port
        except OSError as error:
            listener.close()
            if port:
                raise HomeError(f"port {port} is in use: stop what listens there, or serve with --port 0") from error
            continue
        return listener
    raise HomeError("no port is free on 127.0.0.1")


def locked(directory: Path) -> Any:
    """The directory's lock, for this process until it is closed. Raises HomeError while another one has it."""
    file = (directory / "lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise HomeError(f"another process serves {directory}: stop it, or use another --data-dir") from error
    os.set_inheritable(file.fileno(), False)
    return file


def setup_entry(tenant: TenantId, entry_id: str, at: str) -> JournalEntry:
    actor = Actor("system:setup", "system", ())
    resource = Resource("tenants", tenant)
    return JournalEntry(entry_id, at, tenant, "", "info", actor, "tenants:admin", resource, Result("success"), "setup")
