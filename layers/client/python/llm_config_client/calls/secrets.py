"""Secrets: `get_secret` and `get_secret_stages` alone answer with values; everything else is about versions and their stages."""

from collections.abc import Mapping, Sequence
from typing import Any

from llm_config_client.calls.options import given, unless
from llm_config_client.core import Call, Route, call
from llm_config_contract.secrets import (
    ActivateSecretRequest,
    CopySecretRequest,
    CreateSecretRequest,
    DeleteSecretRequest,
    DestroySecretRequest,
    GetSecretRequest,
    GetSecretResponse,
    ListSecretsRequest,
    ListSecretVersionsRequest,
    MoveSecretRequest,
    PutSecretRequest,
    RestoreSecretRequest,
    RevokeSecretRequest,
    SecretMetadata,
    SecretPage,
    SecretValues,
    SecretVersions,
)
from llm_config_contract.wire import NoContent

PUT_SECRET = Route("PUT", "/api/v1/secrets/{path}", PutSecretRequest, SecretMetadata)
CREATE_SECRET = Route("POST", "/api/v1/secrets/{path}", CreateSecretRequest, SecretMetadata)
GET_SECRET = Route("GET", "/api/v1/secrets/{path}", GetSecretRequest, GetSecretResponse)
GET_SECRET_STAGES = Route("GET", "/api/v1/secrets/{path}", GetSecretRequest, SecretValues)
DELETE_SECRET = Route("DELETE", "/api/v1/secrets/{path}", DeleteSecretRequest, NoContent)
LIST_SECRETS = Route("GET", "/api/v1/secrets", ListSecretsRequest, SecretPage)
LIST_SECRET_VERSIONS = Route("GET", "/api/v1/secret-versions/{path}", ListSecretVersionsRequest, SecretPage)
ACTIVATE_SECRET = Route("POST", "/api/v1/secret-activations/{path}", ActivateSecretRequest, SecretMetadata)
REVOKE_SECRET = Route("POST", "/api/v1/secret-revocations/{path}", RevokeSecretRequest, SecretMetadata)
RESTORE_SECRET = Route("POST", "/api/v1/secret-restores/{path}", RestoreSecretRequest, SecretMetadata)
DESTROY_SECRET = Route("POST", "/api/v1/secret-destructions/{path}", DestroySecretRequest, SecretVersions)

COPY_SECRET = Route("POST", "/api/v1/secret-copies/{path}", CopySecretRequest, SecretMetadata)
MOVE_SECRET = Route("POST", "/api/v1/secret-moves/{path}", MoveSecretRequest, SecretMetadata)


def put_secret(
    path: str,
    value: Any,
    *,
    environment: str,
    type: str = "generic",  # noqa: A002 (the wire's word)
    activate: bool | None = None,
    reason: str | None = None,
    classification: str | None = None,
    tags: Mapping[str, str] | None = None,
    rotation: Mapping[str, Any] | None = None,
    expires_at: str | None = None,
    if_match: str | None = None,
    if_none_match: str | None = None,
    idempotency_key: str | None = None,
) -> Call[SecretMetadata]:
    """Store `value` as the next version of a secret, and the current one unless `activate` is False.

    `expires_at` is RFC 3339; left out, a certificate and a token say themselves when they end. The answer does not hold
    the value. Raises ValueRefused for a value that its type does not allow.
    """
    return call(PUT_SECRET, {**given(locals()), "value": value})


def create_secret(
    path: str,
    value: Any,
    *,
    environment: str,
    type: str = "generic",  # noqa: A002 (the wire's word)
    activate: bool | None = None,
    reason: str | None = None,
    classification: str | None = None,
    tags: Mapping[str, str] | None = None,
    rotation: Mapping[str, Any] | None = None,
    expires_at: str | None = None,
    idempotency_key: str | None = None,
) -> Call[SecretMetadata]:
    """Store `value` as a secret that is not there yet. Raises Conflict when it is."""
    return call(CREATE_SECRET, {**given(locals()), "value": value})


def get_secret(
    path: str, *, environment: str, version: int | None = None, if_none_match: str | None = None
) -> Call[GetSecretResponse]:
    """Read a secret. The answer's `value` is the secret; it does not print itself."""
    return call(
        GET_SECRET, given({"path": path, "environment": environment, "version": version}), unless(if_none_match)
    )


def get_secret_stages(
    path: str, *, environment: str, stage: str = "current,previous", if_none_match: str | None = None
) -> Call[SecretValues]:
    """Read every version that stands at these stages: the one in use first, then those that were before it.

    Whoever checks credentials of others takes all of them while a rotation runs.
    """
    return call(GET_SECRET_STAGES, {"path": path, "environment": environment, "stage": stage}, unless(if_none_match))


def list_secrets(
    *,
    namespace: str | None = None,
    environment: str | None = None,
    limit: int | None = None,
    cursor: str | None = None,
) -> Call[SecretPage]:
    """One page of secrets without their values; `every` of a client goes through all pages.

    `namespace`: one, everything under one (`team/*`), or all.
    """
    return call(LIST_SECRETS, given(locals()))


def list_secret_versions(
    path: str, *, environment: str, limit: int | None = None, cursor: str | None = None
) -> Call[SecretPage]:
    """One page of a secret's versions and their stages, newest first; `every` of a client goes through all pages."""
    return call(LIST_SECRET_VERSIONS, given(locals()))


def activate_secret(
    path: str,
    *,
    environment: str,
    version: int,
    reason: str | None = None,
    if_match: str | None = None,
    idempotency_key: str | None = None,
) -> Call[SecretMetadata]:
    """Make a version that waits, or one that was in use before, the current one."""
    return call(ACTIVATE_SECRET, given(locals()))


def revoke_secret(
    path: str,
    *,
    environment: str,
    version: int,
    reason: str | None = None,
    if_match: str | None = None,
    idempotency_key: str | None = None,
) -> Call[SecretMetadata]:
    """Take a version out of use: nobody reads it any more."""
    return call(REVOKE_SECRET, given(locals()))


def delete_secret(
    path: str,
    *,
    environment: str,
    reason: str | None = None,
    if_match: str | None = None,
    idempotency_key: str | None = None,
) -> Call[NoContent]:
    """Delete a secret. `restore_secret` brings it back."""
    return call(DELETE_SECRET, given(locals()))


def restore_secret(
    path: str,
    *,
    environment: str,
    reason: str | None = None,
    if_match: str | None = None,
    idempotency_key: str | None = None,
) -> Call[SecretMetadata]:
    """Bring a deleted secret back."""
    return call(RESTORE_SECRET, given(locals()))


def copy_secret(
    path: str,
    *,
    environment: str,
    to_path: str,
    to_environment: str | None = None,
    reason: str | None = None,
    if_match: str | None = None,
    idempotency_key: str | None = None,
) -> Call[SecretMetadata]:
    """Give a secret's value to another name as its next version, sealed anew, without reading it.

    To the same environment when `to_environment` is left out. `if_match` is about the secret that is copied.
    """
    return call(COPY_SECRET, _transferred(given(locals())))


def move_secret(
    path: str,
    *,
    environment: str,
    to_path: str,
    to_environment: str | None = None,
    reason: str | None = None,
    if_match: str | None = None,
    idempotency_key: str | None = None,
) -> Call[SecretMetadata]:
    """As `copy_secret`, and the secret is deleted here, in one step. Raises Conflict when the other name is taken."""
    return call(MOVE_SECRET, _transferred(given(locals())))


def _transferred(told: dict[str, Any]) -> dict[str, Any]:
    path, environment = told.pop("to_path"), told.pop("to_environment", told["environment"])
    return {**told, "to": {"path": path, "environment": environment}}


def destroy_secret(
    path: str,
    *,
    environment: str,
    versions: Sequence[int],
    reason: str | None = None,
    if_match: str | None = None,
    idempotency_key: str | None = None,
) -> Call[SecretVersions]:
    """Remove the values of versions for ever; only that they existed stays known."""
    return call(DESTROY_SECRET, {**given(locals()), "versions": list(versions)})
