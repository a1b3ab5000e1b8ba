"""What a function is told by its environment; read at first use, never at import."""

import os
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Settings:
    """`table_prefix` stands before the five tables' names and the tenants' key aliases; `bucket` holds large values.

    `issuers` is a JSON object: issuer -> the https URL of its JWK set, or `kms:<arn>` of its key. `token_issuer` is the
    one of them whose tokens this deployment gives out itself; left out, it gives out none. `config_bound_seconds` is how
    long a container answers a resolve from its memory without asking. `tenant_key_policy` is what KMS is told of a new
    tenant's key, with `<tenant>` where its id goes; only the function that makes them is told.
    """

    table_prefix: str
    bucket: str
    issuers: str
    token_issuer: str = ""
    config_bound_seconds: float = 5.0
    tenant_key_policy: str = ""


@cache
def settings() -> Settings:
    """Raises KeyError, naming the variable, when the deployment forgot one."""
    return Settings(
        table_prefix=os.environ["LLM_CONFIG_TABLE_PREFIX"],
        bucket=os.environ["LLM_CONFIG_VALUES_BUCKET"],
        issuers=os.environ["LLM_CONFIG_ISSUERS"],
        token_issuer=os.environ.get("LLM_CONFIG_TOKEN_ISSUER", ""),
        config_bound_seconds=float(os.environ.get("LLM_CONFIG_BOUND_SECONDS", "5")),
        tenant_key_policy=os.environ.get("LLM_CONFIG_TENANT_KEY_POLICY", ""),
    )
