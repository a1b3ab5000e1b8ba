"""Signers whose signatures are the same in every home, where whole answers are compared."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from llm_config_domain.audit.checkpoints import Checkpoint, Signed


class StandingSigner:
    """Implements `token_signer`, but for the signature: nobody believes its tokens."""

    def sign(self, claims: Mapping[str, Any]) -> str:
        return f"unsigned.{base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b'=').decode()}."


class StandingAuditSigner:
    """Implements `audit_signer` with a key that everybody knows."""

    def sign(self, checkpoint: Checkpoint) -> Signed:
        key = Ed25519PrivateKey.from_private_bytes(b"a key that everybody knows, yes!")
        public = key.public_key()
        pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        return Signed(checkpoint, key.sign(checkpoint.text.encode()), raw, pem)
