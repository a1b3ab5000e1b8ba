"""The tenants' keys in a file: one 256-bit key each, wrapped by a master key that lies in a file of its own.

The two files are apart so that a backup of the store and of the wrapped keys opens nothing without the master key.
"""

import base64
import json
import os
import secrets
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from llm_config.ports.clock import Clock
from llm_config_domain import times
from llm_config_domain.errors import Conflict, NotFound, Unavailable
from llm_config_domain.names import TenantId
from llm_config_domain.tenants import Tier

_NONCE_BYTES = 12
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class KeptKey:
    """A tenant's wrapped key. `gone_at` is when it is to be forgotten (RFC 3339)."""

    box: str
    disabled: bool = False
    gone_at: str | None = None

    @classmethod
    def read(cls, told: Any) -> "KeptKey":
        return cls(told) if isinstance(told, str) else cls(**told)

    def told(self) -> Any:
        """A key that is in use is its box alone, as it always was."""
        return asdict(self) if self.disabled else self.box


class KeyFile:
    """Implements `tenant_keys`; each tenant has a key of its own, whatever its tier. Every change is a new file in the
    place of the old one, durable before it counts; a key whose time has come opens nothing, and leaves the file with the
    next change.

    Raises ValueError when the master key is not one, or is gone while keys lie under it: a new one would open none.
    """

    def __init__(self, directory: Path, clock: Clock) -> None:
        self._path, self._clock = directory / "tenant-keys.json", clock
        self._master_path, self._next_path = directory / "master.key", directory / "master.key.next"
        self._lock = threading.Lock()
        self._read_last: tuple[Any, Mapping[str, KeptKey]] = (None, {})
        self._settle()
        self._master = AESGCM(_master_key(self._master_path, may_be_new=not self._path.exists()))

    def create(self, tenant: TenantId, tier: Tier) -> str:
        with self._lock:
            kept = self._kept()
            if tenant not in kept:
                self._write({**kept, tenant: KeptKey(_boxed(self._master, tenant, secrets.token_bytes(_KEY_BYTES)))})
        return f"local:{tenant}"

    def disable(self, tenant: TenantId) -> None:
        self._change(tenant, self._staying, disabled=True)

    def enable(self, tenant: TenantId) -> None:
        self._change(tenant, self._staying, disabled=False)

    def schedule_deletion(self, tenant: TenantId, days: int) -> str:
        at = times.rfc3339(self._clock.now() + timedelta(days=days))
        changed = self._change(tenant, lambda key: replace(key, gone_at=key.gone_at or at), disabled=True)
        return changed.gone_at or at

    def cancel_deletion(self, tenant: TenantId) -> None:
        self._change(tenant, lambda key: replace(key, gone_at=None))

    def usable(self, tenant: TenantId) -> str:
        """The tenant's key as it is wrapped. Raises Unavailable: it is disabled, gone, or was never made."""
        key = self._read().get(tenant)
        if key is None or key.disabled:  # one that is to be forgotten is disabled too
            raise Unavailable("the tenant's encryption key cannot be used now")
        return key.box

    def unwrapped(self, tenant: TenantId, box: str) -> bytes:
        """The key in the clear, for the sealer. Raises Unavailable."""
        return _opened(self._master, tenant, box)

    def rewrap(self) -> int:
        """Wrap every key anew under a new master key, and say how many; what they sealed is not touched.

        The new master key lies beside the old one, the keys come under it, it takes the old one's place: each of these is
        whole or not at all, and whoever opens the directory after a crash finds out which of the two opens the keys.
        Raises Unavailable.
        """
        with self._lock:
            new = secrets.token_bytes(_KEY_BYTES)
            kept = {
                tenant: replace(key, box=_boxed(AESGCM(new), tenant, _opened(self._master, tenant, key.box)))
                for tenant, key in self._kept().items()
            }
            write_durably(self._next_path, new)
            self._write(kept)
            self._settle()
            self._master = AESGCM(_master_key(self._master_path, may_be_new=False))
            return len(kept)

    def _settle(self) -> None:
        """After a change of the master key, one that was cut short too: it is the one that opens the keys."""
        if self._next_path.exists():
            new = self._next_path.read_bytes()
            if self._open_under(new):
                write_durably(self._master_path, new)
            self._next_path.unlink()

    def _open_under(self, master: bytes) -> bool:
        with suppress(Unavailable, ValueError):
            return all(_opened(AESGCM(master), tenant, key.box) for tenant, key in self._read().items())
        return False

    def _change(self, tenant: TenantId, change: Callable[[KeptKey], KeptKey], **told: Any) -> KeptKey:
        with self._lock:
            kept = self._kept()
            if tenant not in kept:
                raise NotFound("the tenant has no encryption key of its own")
            changed = replace(change(kept[tenant]), **told)
            if changed != kept[tenant]:
                self._write({**kept, tenant: changed})
            return changed

    def _staying(self, key: KeptKey) -> KeptKey:
        if key.gone_at:
            raise Conflict("the tenant's encryption key is to be deleted: cancel that first")
        return key

    def _kept(self) -> dict[str, KeptKey]:
        """The keys whose time has not come."""
        now = times.rfc3339(self._clock.now())
        return {tenant: key for tenant, key in self._read().items() if key.gone_at is None or key.gone_at > now}

    def _read(self) -> Mapping[str, KeptKey]:
        """The file is read again when it is another one than last time: every read of a secret asks."""
        try:
            found = self._path.stat()
            seen = (found.st_ino, found.st_mtime_ns, found.st_size)
            if self._read_last[0] != seen:
                told = json.loads(self._path.read_bytes())
                self._read_last = (seen, {tenant: KeptKey.read(key) for tenant, key in told.items()})
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise Unavailable("the key file cannot be read") from error
        return self._read_last[1]

    def _write(self, kept: Mapping[str, KeptKey]) -> None:
        write_durably(self._path, json.dumps({tenant: key.told() for tenant, key in kept.items()}).encode())


def _master_key(path: Path, *, may_be_new: bool) -> bytes:
    if not path.exists() and may_be_new:
        write_durably(path, secrets.token_bytes(_KEY_BYTES))
    key = path.read_bytes() if path.exists() else b""
    if len(key) != _KEY_BYTES:
        raise ValueError(f"{path.name} does not hold a 256-bit key")
    return key


def _boxed(master: AESGCM, tenant: str, key: bytes) -> str:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return base64.b64encode(nonce + master.encrypt(nonce, key, tenant.encode())).decode()


def _opened(master: AESGCM, tenant: str, box: str) -> bytes:
    try:
        raw = base64.b64decode(box)
        return master.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], tenant.encode())
    except (ValueError, InvalidTag) as error:
        raise Unavailable("the tenant's encryption key cannot be used now") from error


def write_durably(path: Path, content: bytes) -> None:
    """Put `content` at `path`, for its owner's eyes only: whole or not at all, on disk when it returns.

    Raises Unavailable.
    """
    beside = path.with_name(path.name + ".new")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        directory = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
    except OSError as error:
        raise Unavailable("the data directory cannot take this now: it is full or read-only") from error


def master_key_provider(keys: KeyFile) -> Any:
    """`keys` as the Encryption SDK takes them: tenant -> a raw AES-256-GCM master key provider, made once a key. Whether
    the key may be used is asked each time."""
    from functools import lru_cache

    from aws_encryption_sdk.identifiers import EncryptionKeyType, WrappingAlgorithm
    from aws_encryption_sdk.internal.crypto.wrapping_keys import WrappingKey
    from aws_encryption_sdk.key_providers.raw import RawMasterKey

    @lru_cache(maxsize=1000)
    def master_key(tenant: TenantId, box: str) -> RawMasterKey:
        wrapping_key = WrappingKey(
            wrapping_algorithm=WrappingAlgorithm.AES_256_GCM_IV12_TAG16_NO_PADDING,
            wrapping_key=keys.unwrapped(tenant, box),
            wrapping_key_type=EncryptionKeyType.SYMMETRIC,
        )
        return RawMasterKey(provider_id="llm-config-local", key_id=tenant, wrapping_key=wrapping_key)

    return lambda tenant: master_key(tenant, keys.usable(tenant))
