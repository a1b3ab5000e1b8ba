from typing import Protocol

from llm_config_domain.audit.checkpoints import Checkpoint, Signed


class AuditSigner(Protocol):
    def sign(self, checkpoint: Checkpoint) -> Signed:
        """`checkpoint` under this deployment's Ed25519 key, which never leaves where it lies. The same checkpoint has the
        same signature each time (RFC 8032). Raises Unavailable."""
        ...
