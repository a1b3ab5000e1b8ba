"""`api_key`: the key alone as a text, or an object that says more about it."""

from llm_config_domain import times
from llm_config_domain.errors import Violation
from llm_config_domain.json_text import Json
from llm_config_domain.secrets.types.members import Members, moment, scalar, secret_text, text, text_or_texts
from llm_config_domain.secrets.types.reading import Form, Reading

MEMBERS = Members(
    {
        "key": secret_text,
        "provider": text,
        "scopes": text_or_texts,
        "organization": text,
        "project": text,
        "expires_at": moment,
    },
    frozenset({"key"}),
    others=scalar,  # each provider has words of its own
)


def _read(value: Json, at: str) -> Reading:
    if isinstance(value, str):
        wrong = secret_text(value)
        return Reading((Violation("", *wrong),) if wrong else ())
    violations = MEMBERS.violations(value)
    if violations or "expires_at" not in value:
        return Reading(violations)
    ends_at = times.normal(value["expires_at"])
    if ends_at <= at:
        return Reading((Violation("/expires_at", "future", "this key has expired: send one that is valid"),))
    return Reading(ends_at=ends_at)


API_KEY = Form(_read)
