"""API keys: their one text form, what is known of them, and when one of them proves its caller.

`llmc_<id>_<secret>`: the id says which key it is, the secret proves it. The secret is 256 random bits, so a plain SHA-256
of it cannot be guessed back, and that is all that is kept. A key is checked on what its row says now: a revocation
holds from the next request on.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from llm_config_domain.callers import API_KEY, Caller, actor_type_of
from llm_config_domain.errors import Unauthenticated
from llm_config_domain.names import TenantId
from llm_config_domain.networks import holds_address

_FORM = re.compile(r"llmc_([0-7][0-9A-HJKMNP-TV-Z]{25})_([0-9a-f]{64})")
_NO_DIGEST = hashlib.sha256(b"").hexdigest()
"""Of no secret of the form: what is compared where there is no such key."""


@dataclass(frozen=True, slots=True)
class Presented:
    """What a caller sends."""

    id: str
    secret: str = field(repr=False)

    @classmethod
    def read(cls, text: str) -> "Presented":
        """Raises Unauthenticated for anything but the one form."""
        found = _FORM.fullmatch(text)
        if found is None:
            raise Unauthenticated("an API key is llmc_<id>_<secret>, as the answer to its creation said it")
        return cls(found[1], found[2])

    @property
    def text(self) -> str:
        return f"llmc_{self.id}_{self.secret}"

    @property
    def digest(self) -> str:
        """What is kept of the secret."""
        return hashlib.sha256(bytes.fromhex(self.secret)).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """What is known of a key beside its secret. Times are RFC 3339; no `cidr` is any network, `namespaces` of None are
    no attribute at all."""

    id: str
    tenant: TenantId
    name: str
    roles: tuple[str, ...]
    namespaces: tuple[str, ...] | None
    cidr: tuple[str, ...]
    expires_at: str | None
    created_at: str
    created_by: str
    revoked_at: str | None = None

    def to_record(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "ApiKey":
        namespaces = record["namespaces"]
        lists = {
            "roles": tuple(record["roles"]),
            "cidr": tuple(record["cidr"]),
            "namespaces": None if namespaces is None else tuple(namespaces),
        }
        return cls(**{**record, **lists})

    @property
    def version(self) -> int:
        """1 as it was made, 2 once revoked: nothing else ever happens to a key."""
        return 1 if self.revoked_at is None else 2

    @property
    def told(self) -> dict[str, Any]:
        """What the record of a change says of the key."""
        return {"name": self.name, "roles": list(self.roles), "expires_at": self.expires_at, "cidr": list(self.cidr)}

    def revoked(self, at: str) -> "ApiKey":
        return replace(self, revoked_at=at)

    @property
    def caller(self) -> Caller:
        """Who comes with this key."""
        roles = frozenset(self.roles)
        attributes = {} if self.namespaces is None else {"namespaces": self.namespaces}
        return Caller(self.tenant, f"api-key:{self.id}", roles, actor_type_of(roles, API_KEY), API_KEY, attributes)


@dataclass(frozen=True, slots=True)
class HeldKey:
    """A key as it is stored: what is known of it, and what its secret is compared with."""

    key: ApiKey
    digest: str = field(repr=False)


class KeyRefused(Unauthenticated):
    """One answer for every reason, so that nobody learns which keys there are. `why` and `key` are for the record."""

    def __init__(self, why: str, key: ApiKey | None = None) -> None:
        super().__init__("the API key is not valid: use another one")
        self.why, self.key = why, key


def verified(presented: Presented, held: HeldKey | None, *, now: str, source_ip: str) -> ApiKey:
    """The key that `presented` proves. Raises KeyRefused.

    A secret is compared whether there is such a key or not, and nothing else is looked at before it is the right one:
    a stranger finds no difference, not even in time, between an unknown key and a wrong secret.
    """
    right = hmac.compare_digest(presented.digest, held.digest if held else _NO_DIGEST)
    if held is None or not right:
        raise KeyRefused("wrong secret" if held else "unknown key", held.key if held else None)
    key = held.key
    if key.revoked_at is not None:
        raise KeyRefused("revoked", key)
    if key.expires_at is not None and now >= key.expires_at:
        raise KeyRefused("expired", key)
    if key.cidr and not any(holds_address(network, source_ip) for network in key.cidr):
        raise KeyRefused("another network", key)
    return key
