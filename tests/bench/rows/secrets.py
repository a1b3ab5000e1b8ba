"""Opening a sealed value, its data key at hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_bytes
from tempfile import TemporaryDirectory

from llm_config.adapters.envelope.sealer import EnvelopeSealer
from llm_config.adapters.envelope.unsealer import EnvelopeUnsealer
from llm_config.adapters.system.clock import SystemClock
from llm_config_domain.names import Name
from llm_config_domain.secrets.values import Plaintext, Sealed, binding
from llm_config_domain.tenants import Tier
from llm_config_local.adapters.key_file import KeyFile, master_key_provider
from tests.bench.measure import Contest, Row, Side
from tests.bench.recording import ACME

VALUE = b"s" * 1024
NAME = Name(ACME, "keys", "main", "production")


def rows() -> list[Row]:
    return [
        Row("secret_decrypt", "open a sealed value of 1 KB, data key cached", "us",
            "CPU time, the name compared with the message's before anything is decrypted; beside the Encryption SDK "
            "with its caching materials manager alone, and AES-GCM alone", _decrypt),
    ]  # fmt: skip


@contextmanager
def _decrypt() -> Iterator[Contest]:
    with TemporaryDirectory() as directory:
        keys = KeyFile(Path(directory), SystemClock())
        keys.create(ACME, Tier.STANDARD)
        provider = master_key_provider(keys)
        sealed = EnvelopeSealer(provider).seal(NAME, 1, Plaintext(VALUE))
        unsealer = EnvelopeUnsealer(provider)
        product = Side("product", lambda: unsealer.unseal(NAME, 1, sealed).reveal, VALUE.__eq__)
        yield Contest(product, _encryption_sdk(provider(ACME), sealed), [_aes_gcm()])


def _encryption_sdk(master_key: object, sealed: Sealed) -> Side:
    from aws_encryption_sdk.caches.local import LocalCryptoMaterialsCache
    from aws_encryption_sdk.materials_managers.caching import CachingCryptoMaterialsManager

    from llm_config.adapters.envelope.sdk import client

    materials = CachingCryptoMaterialsManager(
        master_key_provider=master_key, cache=LocalCryptoMaterialsCache(capacity=100), max_age=600.0
    )
    return Side(
        "Encryption SDK, caching CMM",
        lambda: client().decrypt(source=sealed.blob, materials_manager=materials)[0],
        VALUE.__eq__,
    )


def _aes_gcm() -> Side:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    box, nonce, told = AESGCM(token_bytes(32)), token_bytes(12), repr(binding(NAME, 1)).encode()
    encrypted = box.encrypt(nonce, VALUE, told)
    return Side("AES-GCM alone", lambda: box.decrypt(nonce, encrypted, told), VALUE.__eq__)
