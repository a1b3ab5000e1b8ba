"""The tenants' keys in a file: one 256-bit key each, wrapped by a master key that lies in a file of its own.

The two files are apart so that a backup of the store and of the wrapped keys opens nothing without the master key.
"""

import base64
import json
import os
import secrets
import threading
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from llm_config_domain.errors import Unavailable
from llm_config_domain.names import TenantId

_NONCE_BYTES = 12
_KEY_BYTES = 32


class KeyFile:
    """Implements `tenant_keys`. Every change is a new file in the place of the old one, durable before it counts.

    Raises ValueError when the master key is not one, or is gone while keys lie under it: a new one would open none.
    """

    def __init__(self, directory: Path) -> None:
        self._path = directory / "tenant-keys.json"
        self._master = AESGCM(_master_key(directory / "master.key", may_be_new=not self._path.exists()))
        self._lock = threading.Lock()

    def create(self, tenant: TenantId) -> str:
        with self._lock:
            wrapped = self._read()
            if tenant not in wrapped:
                nonce = secrets.token_bytes(_NONCE_BYTES)
                box = nonce + self._master.encrypt(nonce, secrets.token_bytes(_KEY_BYTES), tenant.encode())
                write_durably(self._path, json.dumps({**wrapped, tenant: base64.b64encode(box).decode()}).encode())
        return f"local:{tenant}"

    def raw_key(self, tenant: TenantId) -> bytes:
        """The tenant's key in the clear, for the sealer. Raises Unavailable."""
        try:
            box = base64.b64decode(self._read()[tenant])
            return self._master.decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], tenant.encode())
        except (KeyError, ValueError, InvalidTag) as error:
            raise Unavailable("the tenant's encryption key cannot be used now") from error

    def _read(self) -> dict[str, str]:
        try:
            wrapped: dict[str, str] = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise Unavailable("the key file cannot be read") from error
        return wrapped


def _master_key(path: Path, *, may_be_new: bool) -> bytes:
    if not path.exists() and may_be_new:
        write_durably(path, secrets.token_bytes(_KEY_BYTES))
    key = path.read_bytes() if path.exists() else b""
    if len(key) != _KEY_BYTES:
        raise ValueError(f"{path.name} does not hold a 256-bit key")
    return key


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
    """`keys` as the Encryption SDK takes them: tenant -> a raw AES-256-GCM master key provider, made once a tenant."""
    from functools import lru_cache

    from aws_encryption_sdk.identifiers import EncryptionKeyType, WrappingAlgorithm
    from aws_encryption_sdk.internal.crypto.wrapping_keys import WrappingKey
    from aws_encryption_sdk.key_providers.raw import RawMasterKey

    @lru_cache(maxsize=1000)
    def provider(tenant: TenantId) -> RawMasterKey:
        wrapping_key = WrappingKey(
            wrapping_algorithm=WrappingAlgorithm.AES_256_GCM_IV12_TAG16_NO_PADDING,
            wrapping_key=keys.raw_key(tenant),
            wrapping_key_type=EncryptionKeyType.SYMMETRIC,
        )
        return RawMasterKey(provider_id="llm-config-local", key_id=tenant, wrapping_key=wrapping_key)

    return provider
