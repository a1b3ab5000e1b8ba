"""Who is calling: a Bearer JWT or an API key, checked strictly. The tenant comes from the verified credential and from
nowhere else.

A token's form and signature are checked by `llm_config.runtime.tokens`, its claims here (RFC 7519, RFC 8725); an API
key by `llm_config_domain.api_keys`, on its row as it stands now.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from llm_config.operations.perform import Provide
from llm_config_domain import json_text, times
from llm_config_domain.api_keys import KeyRefused, Presented, verified
from llm_config_domain.callers import AUDIENCE, NOBODY, Caller, actor_type_of
from llm_config_domain.errors import Unauthenticated
from llm_config_domain.journal import Actor, JournalEntry, Result
from llm_config_domain.names import PLATFORM, TenantId, is_tenant_id
from llm_config_domain.policy import Resource

API_KEY_HEADER = "x-api-key"
LEEWAY_SECONDS = 60
LAST_MOMENT = 253_402_300_799
"""The end of the year 9999: an expiry beyond it is no time but a token for ever."""
REGISTERED = frozenset({"iss", "sub", "aud", "tenant_id", "roles", "iat", "exp", "nbf", "jti"})


@dataclass(frozen=True, slots=True)
class Identity:
    """A caller, the moment after which its token proves nothing (RFC 3339), and the id of the API key that proved it."""

    caller: Caller
    ends: str | None = None
    api_key: str | None = None


def authenticate(headers: Mapping[str, str], provide: Provide, source_ip: str = "") -> Caller:
    """Raises Unauthenticated, saying what to do and never what was sent; Unavailable when keys cannot be had.

    `source_ip` is the gateway's word for where the request comes from.
    """
    return identify(headers, provide, source_ip).caller


def identify(headers: Mapping[str, str], provide: Provide, source_ip: str = "") -> Identity:
    """The same for who stays, with what the credential is to be judged by later."""
    if API_KEY_HEADER not in headers:
        return _with_token(headers, provide)
    if "authorization" in headers:
        raise Unauthenticated("send one credential: Authorization or X-API-Key, not both")
    return _with_key(headers[API_KEY_HEADER], provide, source_ip)


def _with_key(text: str, provide: Provide, source_ip: str) -> Identity:
    presented = Presented.read(text)
    held = provide("api_key_reader").held(presented.id)
    key = verified(presented, held, now=times.rfc3339(provide("clock").now()), source_ip=source_ip)
    return Identity(key.caller, api_key=key.id)


def _with_token(headers: Mapping[str, str], provide: Provide) -> Identity:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("send a credential: Authorization: Bearer <token>, or X-API-Key: <key>")
    claims = _verified(token, provide)
    _check_times(claims, provide("clock").now().timestamp())
    ends = min(float(claims["exp"]) + LEEWAY_SECONDS, LAST_MOMENT)
    return Identity(_caller(claims), ends=times.rfc3339(datetime.fromtimestamp(ends, UTC)))


def _verified(token: str, provide: Provide) -> Mapping[str, Any]:
    """The claims of a token whose signature was verified, now or a moment ago."""
    known: Mapping[str, Any] | None = provide("verified_tokens").find(token)
    if known is not None:
        return known
    from llm_config.runtime.tokens import verified_claims  # PyJWT and cryptography: only where a token is read

    claims = verified_claims(token, provide("issuer_keys"))
    provide("verified_tokens").keep(token, claims)
    return claims


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    expires: Any = claims.get("exp")
    if not _is_moment(expires) or now - LEEWAY_SECONDS >= expires:
        raise Unauthenticated("the token has expired: get a new one")
    for moment in (claims.get("nbf"), claims.get("iat")):
        if moment is not None and (not _is_moment(moment) or moment > now + LEEWAY_SECONDS):
            raise Unauthenticated("the token is not valid yet")


def _is_moment(value: Any) -> bool:
    return json_text.is_number(value) and bool(value <= LAST_MOMENT)


def _caller(claims: Mapping[str, Any]) -> Caller:
    tenant, subject, roles = claims.get("tenant_id"), claims.get("sub"), claims.get("roles", [])
    if claims.get("aud") != AUDIENCE:
        raise Unauthenticated("the token is for another audience")
    if not isinstance(tenant, str) or not is_tenant_id(tenant):
        raise Unauthenticated("the token names no tenant")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or "\0" in subject:  # no database's text holds it
        raise Unauthenticated("the token names no subject")
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise Unauthenticated("the token's roles are not a list of names")
    held = frozenset(roles)
    attributes = {name: value for name, value in claims.items() if name not in REGISTERED}
    return Caller(TenantId(tenant), subject, held, actor_type_of(held), "jwt", MappingProxyType(attributes))


def source_ip(event: Mapping[str, Any]) -> str:
    """As an HTTP API says it, or a WebSocket API."""
    context = event.get("requestContext") or {}
    told = context.get("http") or context.get("identity") or {}
    return str(told.get("sourceIp") or "")


def record_failure(refusal: Unauthenticated, event: Mapping[str, Any], request_id: str, provide: Provide) -> None:
    """Note a refused credential: in the tenant's record when its API key is known here, else in the platform's, for whose
    it would have been is not proven."""
    known = refusal.key if isinstance(refusal, KeyRefused) else None
    why = refusal.why if isinstance(refusal, KeyRefused) else refusal.detail
    entry = JournalEntry(
        id=provide("identifiers").ulid(),
        at=times.rfc3339(provide("clock").now()),
        tenant=known.tenant if known else PLATFORM,
        event_type="authentication.failed",
        severity="warning",
        actor=Actor.of(NOBODY),
        action="access:authenticate",
        resource=Resource("api_keys", known.id) if known else Resource("access", "token"),
        result=Result("denied"),
        request_id=request_id,
        metadata={"reason": why, "source_ip": source_ip(event) or None},
    )
    provide("access_log").note(entry)
