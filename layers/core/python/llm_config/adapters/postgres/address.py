"""Where the audit's database is. Functions log in with a password that IAM gives for a quarter of an hour; who keeps its
shape logs in as its owner, with the password that Secrets Manager made and holds.

The server's certificate is always checked, against the authorities of a PEM file: those of Amazon RDS are in no system's
store, and the OpenSSL that comes with psycopg looks into none.
"""

import json
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from llm_config_domain.errors import Unavailable

USER, DATABASE = "llm_config_audit", "audit"
NAMES_USER, SEARCH_USER = "llm_config_names", "llm_config_search"
"""Who keeps the index of names, and who searches it: neither sees the audit."""


@dataclass(frozen=True, slots=True)
class IamAddress:
    """psycopg's connection string, made anew for each connection."""

    client: Any
    host: str
    port: int
    authorities: str
    user: str = USER

    def __call__(self) -> str:
        from psycopg.conninfo import make_conninfo

        if not self.host:
            raise Unavailable("this deployment has no audit: name its database")
        secure = _verified(self.authorities)
        try:
            password = self.client.generate_db_auth_token(DBHostname=self.host, Port=self.port, DBUsername=self.user)
        except (ClientError, BotoCoreError) as error:
            raise Unavailable("the audit's database cannot be reached now") from error
        return make_conninfo(
            host=self.host, port=self.port, dbname=DATABASE, user=self.user, password=password, **secure
        )


@dataclass(frozen=True, slots=True)
class OwnerAddress:
    """The same of the database's owner, whose login is the secret `secret` (Secrets Manager User Guide, "JSON structure of
    AWS Secrets Manager database credential secrets")."""

    client: Any
    secret: str
    authorities: str

    def __call__(self) -> str:
        from psycopg.conninfo import make_conninfo

        if not self.secret:
            raise Unavailable("this deployment has no audit: name its database")
        secure = _verified(self.authorities)
        try:
            told = json.loads(self.client.get_secret_value(SecretId=self.secret)["SecretString"])
            where = {"host": told["host"], "port": told["port"], "dbname": DATABASE}
            return make_conninfo(**where, user=told["username"], password=told["password"], **secure)
        except (ClientError, BotoCoreError, ValueError, KeyError):
            raise Unavailable("the login of the audit's owner cannot be read now") from None


def _verified(authorities: str) -> dict[str, str]:
    """libpq's words (PostgreSQL 18, 32.1.2): the chain is checked and the name too."""
    if not authorities:
        raise Unavailable("this deployment does not know its audit database's authorities: name their file")
    return {"sslmode": "verify-full", "sslrootcert": authorities}
