"""Where the audit's database is, with a password that IAM gives for a quarter of an hour: no secret is stored for it."""

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from llm_config_domain.errors import Unavailable

USER, DATABASE = "llm_config_audit", "audit"


@dataclass(frozen=True, slots=True)
class IamAddress:
    """psycopg's connection string, made anew for each connection; the server's certificate is checked."""

    client: Any
    host: str
    port: int

    def __call__(self) -> str:
        from psycopg.conninfo import make_conninfo

        if not self.host:
            raise Unavailable("this deployment has no audit: name its database")
        try:
            password = self.client.generate_db_auth_token(DBHostname=self.host, Port=self.port, DBUsername=USER)
        except (ClientError, BotoCoreError) as error:
            raise Unavailable("the audit's database cannot be reached now") from error
        secure = {"sslmode": "verify-full", "sslrootcert": "system"}
        return make_conninfo(host=self.host, port=self.port, dbname=DATABASE, user=USER, password=password, **secure)
