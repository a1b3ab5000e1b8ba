"""One effect for one idempotency key, and a fingerprint of the request that gives away nothing.

The fingerprint is stored beside the result for 24 hours. A request may hold a short secret, and a plain hash of it
could be guessed offline by whoever reads the store, so a request that holds one is stretched with scrypt (RFC 7914)
under a salt of its own.
"""

import hashlib
import hmac
from dataclasses import dataclass, field

from llm_config_domain.errors import IdempotencyMismatch
from llm_config_domain.names import TenantId

KEPT_HOURS = 24


@dataclass(frozen=True, slots=True)
class Idempotency:
    """`tenant` is the caller's; `salt` is 32 hex digits, new for each request; `body` is the canonical request
    without the key itself."""

    tenant: TenantId
    operation: str
    key: str
    salt: str
    body: bytes = field(repr=False)
    holds_secret: bool = False

    def fingerprint(self) -> str:
        """What to store: `<salt>:<digest>`."""
        return f"{self.salt}:{self._digest(self.salt)}"

    def check(self, stored: str) -> None:
        """Raises IdempotencyMismatch when `stored` was made by another request."""
        salt, _, digest = stored.partition(":")
        if not hmac.compare_digest(digest, self._digest(salt)):
            raise IdempotencyMismatch("this idempotency key was used with another request: choose a new key")

    def _digest(self, salt: str) -> str:
        if self.holds_secret:
            return hashlib.scrypt(self.body, salt=bytes.fromhex(salt), n=2**14, r=8, p=1).hex()
        return hashlib.sha256(bytes.fromhex(salt) + self.body).hexdigest()
