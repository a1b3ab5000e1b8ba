"""What a function is told by its environment; read at first use, never at import."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any


@dataclass(frozen=True, slots=True)
class Settings:
    """`table_prefix` stands before the five tables' names; `bucket` holds large values.

    `issuers` is a JSON object: issuer -> the https URL of its JWK set, or `kms:<arn>` of its key. `token_issuer` is the
    one of them whose tokens this deployment gives out itself; left out, it gives out none. `metrics` is the namespace of
    the metrics that a request's line carries; empty: it carries none. `event_bus` is the name of the deployment's own,
    where a function publishes.

    Caches: `config_bound_seconds` is how long a container answers a resolve from its memory without asking.
    `shared_cache` is the host of the Valkey that containers share, empty where there is none; `shared_cache_name` is its
    name, and its user's.

    The audit: `audit_host` and `audit_port` are its database's, `audit_authorities` the PEM file of the authorities that
    sign its certificate, `audit_key` and `receipt_key` the KMS keys that sign checkpoints and receipts,
    `checkpoints_bucket` where they are published, `audit_bucket` where its archive lies, `audit_owner` the name of the
    secret with which the database's owner logs in, `exports_queue` the URL of the queue of large exports.

    Rotations: `rotation_machine` is the ARN of the state machine that runs them, `openai_url` the administration API of
    targets of the kind `openai`; empty: the provider's own.

    Watching: `watch_endpoint` is the https URL under which the connections of the WebSocket API are posted to.

    Tenants' keys: `key_aliases` begins their aliases; `key_rotation_days` is their period; `sealing_roles`,
    `unsealing_roles` and `key_administrators` are the role ARNs of their policy, all three or none; the tenants of
    `shared_key_tiers` have no key of their own but `shared_key`, an ARN.
    """

    table_prefix: str
    bucket: str
    issuers: str
    token_issuer: str = ""
    shared_cache: str = ""
    shared_cache_name: str = ""
    config_bound_seconds: float = 5.0
    metrics: str = "llm_config"
    event_bus: str = ""
    audit_host: str = ""
    audit_port: int = 5432
    audit_authorities: str = ""
    audit_key: str = ""
    receipt_key: str = ""
    witnesses: str = ""
    checkpoints_bucket: str = ""
    audit_bucket: str = ""
    audit_owner: str = ""
    exports_queue: str = ""
    rotation_machine: str = ""
    watch_endpoint: str = ""
    openai_url: str = ""
    key_aliases: str = "alias/llm-config/"
    key_rotation_days: int = 365
    sealing_roles: tuple[str, ...] = ()
    unsealing_roles: tuple[str, ...] = ()
    key_administrators: tuple[str, ...] = ()
    shared_key: str = ""
    shared_key_tiers: tuple[str, ...] = ()


@cache
def settings() -> Settings:
    """Raises KeyError, naming the variable, when the deployment forgot one."""
    return Settings(
        table_prefix=os.environ["LLM_CONFIG_TABLE_PREFIX"],
        bucket=os.environ["LLM_CONFIG_VALUES_BUCKET"],
        issuers=os.environ["LLM_CONFIG_ISSUERS"],
        token_issuer=os.environ.get("LLM_CONFIG_TOKEN_ISSUER", ""),
        shared_cache=os.environ.get("LLM_CONFIG_SHARED_CACHE", ""),
        shared_cache_name=os.environ.get("LLM_CONFIG_SHARED_CACHE_NAME", ""),
        config_bound_seconds=float(os.environ.get("LLM_CONFIG_BOUND_SECONDS", "5")),
        metrics=_metrics(os.environ.get("LLM_CONFIG_METRICS", "llm_config")),
        event_bus=os.environ.get("LLM_CONFIG_EVENT_BUS", ""),
        rotation_machine=os.environ.get("LLM_CONFIG_ROTATION_MACHINE", ""),
        watch_endpoint=os.environ.get("LLM_CONFIG_WATCH_ENDPOINT", ""),
        openai_url=os.environ.get("LLM_CONFIG_OPENAI_URL", ""),
        audit_host=os.environ.get("LLM_CONFIG_AUDIT_HOST", ""),
        audit_port=int(os.environ.get("LLM_CONFIG_AUDIT_PORT", "5432")),
        audit_authorities=os.environ.get("LLM_CONFIG_AUDIT_AUTHORITIES", ""),
        audit_key=os.environ.get("LLM_CONFIG_AUDIT_KEY", ""),
        witnesses=os.environ.get("LLM_CONFIG_WITNESSES", ""),
        receipt_key=os.environ.get("LLM_CONFIG_RECEIPT_KEY", ""),
        checkpoints_bucket=os.environ.get("LLM_CONFIG_CHECKPOINTS_BUCKET", ""),
        audit_bucket=os.environ.get("LLM_CONFIG_AUDIT_BUCKET", ""),
        exports_queue=os.environ.get("LLM_CONFIG_EXPORTS_QUEUE", ""),
        audit_owner=os.environ.get("LLM_CONFIG_AUDIT_OWNER", ""),
        **_keys(os.environ),
    )


def _metrics(told: str) -> str:
    return "" if told == "off" else told


def _keys(told: Mapping[str, str]) -> dict[str, Any]:
    return {
        "key_aliases": told.get("LLM_CONFIG_KEY_ALIASES", "alias/llm-config/"),
        "key_rotation_days": int(told.get("LLM_CONFIG_KEY_ROTATION_DAYS", "365")),
        "sealing_roles": _listed(told, "LLM_CONFIG_SEALING_ROLES"),
        "unsealing_roles": _listed(told, "LLM_CONFIG_UNSEALING_ROLES"),
        "key_administrators": _listed(told, "LLM_CONFIG_KEY_ADMINISTRATORS"),
        "shared_key": told.get("LLM_CONFIG_SHARED_KEY", ""),
        "shared_key_tiers": _listed(told, "LLM_CONFIG_SHARED_KEY_TIERS"),
    }


def _listed(told: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Separated by commas."""
    return tuple(part.strip() for part in told.get(name, "").split(",") if part.strip())
