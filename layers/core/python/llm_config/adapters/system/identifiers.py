"""Identifiers from the system's random source."""

import secrets

from ulid import ULID


class SystemIdentifiers:
    def ulid(self) -> str:
        return str(ULID())

    def salt(self) -> str:
        return secrets.token_hex(16)

    def secret(self) -> str:
        return secrets.token_hex(32)
