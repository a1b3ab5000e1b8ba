"""Every type and its form: the one way in for operations."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from llm_config_domain.errors import ValueRefused
from llm_config_domain.json_text import Json
from llm_config_domain.secrets.entries import SecretType
from llm_config_domain.secrets.types.api_keys import API_KEY
from llm_config_domain.secrets.types.certificates import CERTIFICATE
from llm_config_domain.secrets.types.cloud_credentials import CLOUD_CREDENTIALS
from llm_config_domain.secrets.types.database_credentials import DATABASE_CREDENTIALS
from llm_config_domain.secrets.types.jwt_signing_keys import JWT_SIGNING_KEY
from llm_config_domain.secrets.types.oauth_tokens import OAUTH_TOKEN
from llm_config_domain.secrets.types.reading import NO_FACTS, Computed, Facts, Form, Known, Material, Reading
from llm_config_domain.secrets.types.ssh_keys import SSH_KEY

GENERIC = Form(lambda value, at: Reading())
FORMS: Mapping[SecretType, Form] = MappingProxyType(
    {
        SecretType.GENERIC: GENERIC,
        SecretType.API_KEY: API_KEY,
        SecretType.DATABASE_CREDENTIALS: DATABASE_CREDENTIALS,
        SecretType.CERTIFICATE: CERTIFICATE,
        SecretType.SSH_KEY: SSH_KEY,
        SecretType.OAUTH_TOKEN: OAUTH_TOKEN,
        SecretType.JWT_SIGNING_KEY: JWT_SIGNING_KEY,
        SecretType.CLOUD_CREDENTIALS: CLOUD_CREDENTIALS,
    }
)


def accepted(kind: SecretType, value: Json, at: str, inspect: Callable[[Material], Facts]) -> Known:
    """What is known about `value` as a secret of this type at the moment `at` (RFC 3339). `inspect` reads keys and
    certificates and is called only when there are any.

    Raises ValueRefused with what is wrong, by place and without a word of the value.
    """
    form = FORMS[kind]
    reading = form.read(value, at)
    facts = inspect(reading.material) if reading.material and not reading.violations else NO_FACTS
    violations = reading.violations or facts.violations
    known = Known(violations) if violations else form.judge(value, reading, facts, at)
    if known.violations:
        raise ValueRefused("the value is no secret of this type", violations=known.violations)
    return known


def shown(kind: SecretType, value: Json) -> Computed:
    """What follows from the value for whoever may read it, of any value that was ever stored under the type."""
    return FORMS[kind].shown(value)
