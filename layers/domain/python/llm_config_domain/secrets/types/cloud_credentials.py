"""`cloud_credentials`: what signs requests to a cloud, by provider."""

import re
from collections.abc import Mapping

from llm_config_domain import times
from llm_config_domain.errors import Violation
from llm_config_domain.json_text import Json
from llm_config_domain.secrets.types.members import Members, Wrong, moment, one_of, scalar, secret_text, text
from llm_config_domain.secrets.types.reading import Form, Reading

_ACCESS_KEY_ID = re.compile(r"[A-Za-z0-9_]{16,128}")


def _access_key_id(value: Json) -> Wrong | None:
    if not isinstance(value, str) or not _ACCESS_KEY_ID.fullmatch(value):
        return "format", "this is the id of an access key: 16 to 128 letters and digits"
    return None


_PROVIDER = one_of("aws", "azure", "gcp")
AWS = Members(
    {
        "provider": _PROVIDER,
        "access_key_id": _access_key_id,
        "secret_access_key": secret_text,
        "session_token": secret_text,
        "region": text,
        "account_id": text,
        "role_arn": text,
        "expires_at": moment,
    },
    frozenset({"provider", "access_key_id", "secret_access_key"}),
)
AZURE = Members(
    {
        "provider": _PROVIDER,
        "tenant_id": text,
        "client_id": text,
        "client_secret": secret_text,
        "client_certificate": text,
        "subscription_id": text,
        "expires_at": moment,
    },
    frozenset({"provider", "tenant_id", "client_id"}),
)
GCP = Members(
    {
        "provider": _PROVIDER,
        "type": one_of("service_account"),
        "project_id": text,
        "private_key_id": text,
        "private_key": secret_text,
        "client_email": text,
    },
    frozenset({"private_key", "client_email"}),
    others=scalar,  # the key file as the cloud gives it out
)
_BY_PROVIDER: Mapping[str, Members] = {"aws": AWS, "azure": AZURE, "gcp": GCP}
_UNKNOWN = Members({"provider": _PROVIDER}, frozenset({"provider"}), others=lambda value: None)


def _read(value: Json, at: str) -> Reading:
    members = _members(value)
    violations = members.violations(value)
    if violations:
        return Reading(violations)
    if members is AZURE and "client_secret" not in value and "client_certificate" not in value:
        return Reading((Violation("/client_secret", "required", "send `client_secret` or `client_certificate`"),))
    ends_at = times.normal(value["expires_at"]) if "expires_at" in value else None
    if ends_at is not None and ends_at <= at:
        return Reading((Violation("/expires_at", "future", "these credentials have expired: send valid ones"),))
    return Reading(ends_at=ends_at)


def _members(value: Json) -> Members:
    """A service account's key file says what it is without a provider."""
    if not isinstance(value, dict):
        return _UNKNOWN
    provider = "gcp" if value.get("type") == "service_account" else value.get("provider")
    return _BY_PROVIDER.get(provider, _UNKNOWN) if isinstance(provider, str) else _UNKNOWN


CLOUD_CREDENTIALS = Form(_read)
