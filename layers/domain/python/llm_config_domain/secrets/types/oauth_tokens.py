"""`oauth_token`: what a token endpoint answers (RFC 6749 section 5.1)."""

from datetime import timedelta

from llm_config_domain import times
from llm_config_domain.errors import Violation
from llm_config_domain.json_text import Json
from llm_config_domain.secrets.types.members import Members, moment, scalar, secret_text, text, text_or_texts, whole
from llm_config_domain.secrets.types.reading import Form, Reading

TEN_YEARS = 10 * 366 * 24 * 3600
MEMBERS = Members(
    {
        "access_token": secret_text,
        "refresh_token": secret_text,
        "token_type": text,
        "expires_in": whole(1, TEN_YEARS),
        "expires_at": moment,
        "scopes": text_or_texts,
        "scope": text,
        "id_token": text,
    },
    frozenset({"access_token"}),
    others=scalar,  # RFC 6749 lets servers add members
)


def _read(value: Json, at: str) -> Reading:
    violations = MEMBERS.violations(value)
    if violations:
        return Reading(violations)
    if "expires_in" in value and "expires_at" in value:
        return Reading((Violation("/expires_in", "twice", "say when it ends once: `expires_in` or `expires_at`"),))
    ends_at = _end(value, at)
    if ends_at is not None and ends_at <= at and "refresh_token" not in value:
        return Reading((Violation("/expires_at", "future", "this token has expired and cannot be refreshed"),))
    return Reading(ends_at=ends_at)


def _end(value: Json, at: str) -> str | None:
    """`expires_in` counts from the write."""
    if "expires_at" in value:
        return times.normal(value["expires_at"])
    if "expires_in" in value:
        return times.rfc3339(times.parse(at) + timedelta(seconds=value["expires_in"]))
    return None


OAUTH_TOKEN = Form(_read)
