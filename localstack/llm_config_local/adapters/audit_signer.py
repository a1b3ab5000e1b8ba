"""The home's own keys for checkpoints and receipts, and where its checkpoints are published: files in the data directory."""

from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from llm_config_domain.audit.checkpoints import Checkpoint, Signed
from llm_config_domain.audit.receipts import Receipt
from llm_config_domain.errors import Unavailable
from llm_config_domain.names import TenantId
from llm_config_local.adapters.key_file import write_durably

PUBLIC_KEY = "audit-public-key.pem"
"""For auditors: what `llm-config audit verify --key` takes."""
RECEIPTS_PUBLIC_KEY = "receipts-public-key.pem"
"""And `--receipt-key`."""


class FileAuditSigner:
    """Implements `audit_signer`: one Ed25519 key, whose public half lies beside it for whoever verifies."""

    def __init__(self, directory: Path) -> None:
        self._key = _FileKey(directory, "audit.pem", PUBLIC_KEY)

    def sign(self, checkpoint: Checkpoint) -> Signed:
        public = self._key.private.public_key()
        pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        return Signed(checkpoint, self._key.private.sign(checkpoint.text.encode()), self._key.raw, pem)


class FileReceiptSigner:
    """Implements `receipt_signer`: a key like the audit's, and another."""

    def __init__(self, directory: Path) -> None:
        self._key = _FileKey(directory, "receipts.pem", RECEIPTS_PUBLIC_KEY)

    def sign(self, receipt: Receipt) -> str:
        return receipt.note(self._key.raw, self._key.private.sign(receipt.text.encode()))


class _FileKey:
    """Made at its first use."""

    def __init__(self, directory: Path, private: str, public: str) -> None:
        self._directory, self._private, self._public = directory, private, public

    @property
    def raw(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @cached_property
    def private(self) -> Ed25519PrivateKey:
        path = self._directory / self._private
        if not path.exists():
            new = Ed25519PrivateKey.generate()
            write_durably(path, new.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        try:
            loaded = load_pem_private_key(path.read_bytes(), password=None)
        except (OSError, ValueError) as error:
            raise Unavailable("the audit's key cannot be read") from error
        if not isinstance(loaded, Ed25519PrivateKey):
            raise Unavailable("the audit's key file holds no Ed25519 key")
        public = loaded.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        write_durably(self._directory / self._public, public)
        return loaded


class FileAuditCheckpoints:
    """Implements `audit_checkpoints`: a file a checkpoint, named by its size, so that the last by name is the largest.

    Copied elsewhere now and then, they show what a rewritten store says otherwise.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory / "checkpoints"

    def publish(self, tenant: TenantId, signed: Signed) -> None:
        place = self._directory / tenant
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unavailable("the data directory cannot take this now: it is full or read-only") from error
        path = place / f"{signed.checkpoint.size:015d}.note"
        if not path.exists():
            write_durably(path, signed.note.encode())

    def latest(self, tenant: TenantId) -> str | None:
        try:
            notes = sorted((self._directory / tenant).glob("*.note"))
            return notes[-1].read_text() if notes else None
        except OSError as error:
            raise Unavailable("the published checkpoints cannot be read") from error
