"""`database_credentials`: who logs in where, and the connection URL that follows (RFC 3986)."""

import re
from ipaddress import AddressValueError, IPv6Address
from urllib.parse import quote, urlencode

from llm_config_domain.json_text import Json, write
from llm_config_domain.secrets.types.members import Members, Wrong, scalars, secret_text, text, whole
from llm_config_domain.secrets.types.reading import Computed, Form, Reading

DEFAULT_SCHEME = "postgresql"
_SCHEMES = {"postgres": "postgresql", "aurora-postgresql": "postgresql", "aurora-mysql": "mysql"}
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{0,31}")


def _engine(value: Json) -> Wrong | None:
    if not isinstance(value, str) or not _SCHEME.fullmatch(value):
        return "format", "this is the scheme of the engine's URLs: postgresql, mysql, mongodb, ..."
    return None


MEMBERS = Members(
    {
        "host": text,
        "port": whole(1, 65535),
        "database": text,
        "username": text,
        "password": secret_text,
        "engine": _engine,
        "options": scalars,
    },
    frozenset({"username", "password"}),
)


def connection_url(value: Json) -> str:
    """`postgresql://user:password@host:port/database?option=...`, every part percent-encoded, without an engine
    PostgreSQL's."""
    engine = value.get("engine", DEFAULT_SCHEME)
    port = f":{value['port']}" if "port" in value else ""
    place = f"{_encoded(value['username'])}:{_encoded(value['password'])}@{_host(value['host'])}{port}"
    path = f"/{_encoded(value['database'])}" if "database" in value else ""
    options = {name: option if isinstance(option, str) else write(option) for name, option in _options(value)}
    query = f"?{urlencode(options, quote_via=quote, safe='')}" if options else ""
    return f"{_SCHEMES.get(engine, engine)}://{place}{path}{query}"


def _options(value: Json) -> list[tuple[str, Json]]:
    return list(value.get("options", {}).items())


def _encoded(part: str) -> str:
    return quote(part, safe="")


def _host(host: str) -> str:
    """An IPv6 address stands in brackets (RFC 3986 section 3.2.2); everything else is a name."""
    try:
        return f"[{IPv6Address(host.removeprefix('[').removesuffix(']')).compressed}]"
    except AddressValueError:
        return _encoded(host)


def _read(value: Json, at: str) -> Reading:
    return Reading(MEMBERS.violations(value))


def _shown(value: Json) -> Computed:
    """Nothing where no host is told, or the value was stored before its type had a shape."""
    if MEMBERS.violations(value) or "host" not in value:
        return {}
    return {"connection_url": connection_url(value)}


DATABASE_CREDENTIALS = Form(_read, shown=_shown)
