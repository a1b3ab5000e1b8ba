"""Changing configs. Every change is a next version, and can say why."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from llm_config_client.calls.options import given
from llm_config_client.core import Call, Route, call
from llm_config_contract.configs import (
    BatchConfigsRequest,
    BatchResults,
    ConfigEntry,
    CreateConfigRequest,
    DeleteConfigRequest,
    PatchConfigRequest,
    PutConfigRequest,
    RestoreConfigRequest,
    RollbackConfigRequest,
)
from llm_config_contract.wire import NoContent
from llm_config_domain.errors import Malformed

PUT_CONFIG = Route("PUT", "/api/v1/configs/{path}", PutConfigRequest, ConfigEntry)
CREATE_CONFIG = Route("POST", "/api/v1/configs/{path}", CreateConfigRequest, ConfigEntry)
PATCH_CONFIG = Route("PATCH", "/api/v1/configs/{path}", PatchConfigRequest, ConfigEntry)
DELETE_CONFIG = Route("DELETE", "/api/v1/configs/{path}", DeleteConfigRequest, NoContent)
ROLLBACK_CONFIG = Route("POST", "/api/v1/config-rollbacks/{path}", RollbackConfigRequest, ConfigEntry)
RESTORE_CONFIG = Route("POST", "/api/v1/config-restores/{path}", RestoreConfigRequest, ConfigEntry)
BATCH_CONFIGS = Route("POST", "/api/v1/config-batches", BatchConfigsRequest, BatchResults)


def put_config(
    path: str,
    value: Any,
    *,
    environment: str,
    reason: str | None = None,
    classification: str | None = None,
    tags: Mapping[str, str] | None = None,
    if_match: str | None = None,
    if_none_match: str | None = None,
    idempotency_key: str | None = None,
) -> Call[ConfigEntry]:
    """Store `value` as the next version of a config. `if_none_match="*"`: only when there is none yet."""
    return call(PUT_CONFIG, {**given(locals()), "value": value})


def create_config(
    path: str,
    value: Any,
    *,
    environment: str,
    reason: str | None = None,
    classification: str | None = None,
    tags: Mapping[str, str] | None = None,
    idempotency_key: str | None = None,
) -> Call[ConfigEntry]:
    """Store `value` as a config that is not there yet. Raises Conflict when it is."""
    return call(CREATE_CONFIG, {**given(locals()), "value": value})


def patch_config(
    path: str,
    patch: Any,
    *,
    environment: str,
    type: Literal["json", "merge"] | None = None,  # noqa: A002 (kubectl's word for it)
    reason: str | None = None,
    if_match: str | None = None,
    idempotency_key: str | None = None,
) -> Call[ConfigEntry]:
    """Change a part of a config: a list is a JSON Patch (RFC 6902), an object a merge patch (RFC 7396).

    `type` says which it is where the shape does not: a merge patch may be any JSON.
    """
    options = {name: value for name, value in locals().items() if name not in ("patch", "type")}
    return call(PATCH_CONFIG, {**given(options), f"{type or _type_of(patch)}_patch": patch})


def _type_of(patch: Any) -> str:
    if isinstance(patch, list):
        return "json"
    if isinstance(patch, dict):
        return "merge"
    raise Malformed("a patch is a list (JSON Patch) or an object (merge patch); say type='merge' for other JSON")


def delete_config(
    path: str,
    *,
    environment: str,
    reason: str | None = None,
    if_match: str | None = None,
    idempotency_key: str | None = None,
) -> Call[NoContent]:
    """Delete a config: a next version that holds nothing. `restore_config` brings it back."""
    return call(DELETE_CONFIG, given(locals()))


def rollback_config(
    path: str,
    *,
    environment: str,
    version: int | None = None,
    as_of: str | None = None,
    reason: str | None = None,
    if_match: str | None = None,
    idempotency_key: str | None = None,
) -> Call[ConfigEntry]:
    """Bring an earlier version back as a new one: `version`, or the one that stood at the time `as_of` (RFC 3339)."""
    return call(ROLLBACK_CONFIG, given(locals()))


def restore_config(
    path: str,
    *,
    environment: str,
    reason: str | None = None,
    if_match: str | None = None,
    idempotency_key: str | None = None,
) -> Call[ConfigEntry]:
    """Bring a deleted config back, as a new version."""
    return call(RESTORE_CONFIG, given(locals()))


def batch_configs(
    operations: Sequence[Mapping[str, Any]],
    *,
    atomic: bool = True,
    dry_run: bool = False,
    reason: str | None = None,
    idempotency_key: str | None = None,
) -> Call[BatchResults]:
    """Change several configs together, by default all of them or none. `dry_run`: only say what would come of it.

    An operation is `{operation: put | create | patch | delete, path, environment, value, ...}`; at most 30 operations
    on 8 namespaces, 4 MB.
    """
    options = given({"reason": reason, "idempotency_key": idempotency_key, "dry_run": dry_run or None})
    return call(BATCH_CONFIGS, {**options, "operations": [dict(one) for one in operations], "atomic": atomic})
