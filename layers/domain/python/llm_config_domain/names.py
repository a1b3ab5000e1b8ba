"""What things are called, and which names are refused. A name is refused, never normalised.

Names become parts of store keys, so no character of a name may be a delimiter of a key (`#`), of a path (`/` but
between namespace segments) or of an encoding (`%`). The patterns are matched against the whole text.
"""

import re
from dataclasses import dataclass
from typing import NewType

from llm_config_domain.errors import Malformed

TenantId = NewType("TenantId", str)
"""A ULID, given once and never used again: a re-created tenant sees nothing of the old one."""

PLATFORM = TenantId("00000000000000000000000000")
"""The tenant whose configs lie under and over those of every tenant: the nil ULID, on every installation."""

MAX_NAMESPACE = 500
MAX_KEY = 255
_NAMESPACE = re.compile(r"[a-z0-9-]+(/[a-z0-9-]+)*")
_KEY = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """The whole name of a config or a secret. Two names that differ in any part are strangers."""

    tenant: TenantId
    namespace: str
    key: str
    environment: str

    @property
    def path(self) -> str:
        return f"{self.namespace}/{self.key}"


def split_path(path: str) -> tuple[str, str]:
    """`namespace/.../key` -> (namespace, key): the last segment is the key. Raises Malformed."""
    namespace, slash, key = path.rpartition("/")
    if not slash:
        raise Malformed("a path is namespace/key: it needs at least two segments")
    return check_namespace(namespace), check_key(key)


def check_namespace(namespace: str) -> str:
    if len(namespace) > MAX_NAMESPACE or not _NAMESPACE.fullmatch(namespace):
        raise Malformed(
            f"a namespace is segments of a-z, 0-9 and '-' joined by single slashes, at most {MAX_NAMESPACE} characters"
        )
    return namespace


def check_glob(glob: str) -> str:
    """`*`, `team/*` (everything under `team`, not `team` itself) or one namespace. Raises Malformed."""
    if glob != "*":
        check_namespace(glob.removesuffix("/*"))
    return glob


def glob_prefix(glob: str) -> str | None:
    """What the namespaces that `glob` means begin with; None when it means one namespace."""
    return glob[:-1] if glob == "*" or glob.endswith("/*") else None


def check_key(key: str) -> str:
    if len(key) > MAX_KEY or not _KEY.fullmatch(key):
        raise Malformed(
            f"a key is a-z, 0-9, '.', '_' and '-', begins and ends with a letter or digit, at most {MAX_KEY} characters"
        )
    return key


def check_tenant_name(name: str) -> str:
    if not _LABEL.fullmatch(name):
        raise Malformed("a tenant's name is 1 to 63 of a-z, 0-9 and '-', and begins and ends with a letter or digit")
    return name


def is_tenant_id(text: str) -> bool:
    return _ULID.fullmatch(text) is not None


def check_id(text: str) -> str:
    """The id of something that was given one: a ULID. Raises Malformed."""
    if not _ULID.fullmatch(text):
        raise Malformed("an id is the 26 characters that the answer to its creation said")
    return text


def check_role(name: str) -> str:
    if not _LABEL.fullmatch(name):
        raise Malformed("a role's name is 1 to 63 of a-z, 0-9 and '-', and begins and ends with a letter or digit")
    return name
