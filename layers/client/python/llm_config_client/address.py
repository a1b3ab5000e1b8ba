"""Where the service is, and the token that goes there and nowhere else."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from llm_config_client.errors import Misconfigured

DEFAULT_URL = "http://127.0.0.1:8080"
URL_VARIABLE = "LLM_CONFIG_URL"
WATCH_VARIABLE = "LLM_CONFIG_WATCH_URL"
TOKEN_VARIABLE = "LLM_CONFIG_TOKEN"  # noqa: S105 (the variable's name)
DANGER_VARIABLE = "LLM_CONFIG_DANGER_ALLOW_PLAIN_HTTP"
API_KEY_BEGINS = "llmc_"
MAX_TOKEN = 7 * 1024


@dataclass(frozen=True, slots=True)
class Server:
    """`url` has no slash at its end; `watch_url` is where WebSockets are opened, where that is not below it. Raises
    Misconfigured, which quotes neither an address nor the token.

    Plain http would show the token, and every secret, to whoever is on the way: without
    `danger_allow_plain_http` it is for loopback addresses only.
    """

    url: str = DEFAULT_URL
    token: str | None = field(default=None, repr=False)
    danger_allow_plain_http: bool = False
    watch_url: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "watch_url", _over_http(self.watch_url).rstrip("/"))
        self._check(self.url)
        if self.watch_url:
            self._check(self.watch_url)
        if self.token:
            _check_token(self.token)
        object.__setattr__(self, "url", self.url.rstrip("/"))

    def _check(self, url: str) -> None:
        parts = _split(url)
        if parts.scheme == "http" and not self.danger_allow_plain_http and not _is_loopback(parts.hostname or ""):
            raise Misconfigured(
                "plain http to a host that is not this machine would send the token unprotected: use https"
                f" (or set {DANGER_VARIABLE}=1)"
            )

    @property
    def is_plain(self) -> bool:
        return not [url for url in (self.url, self.watch_url) if url and not url.lower().startswith("http:")]

    def credential(self) -> dict[str, str]:
        """The header of the token, or of the API key, which tells itself by how it begins."""
        if not self.token:
            return {}
        is_key = self.token.startswith(API_KEY_BEGINS)
        return {"X-API-Key": self.token} if is_key else {"Authorization": f"Bearer {self.token}"}


def from_environment(environment: Mapping[str, str]) -> Server:
    """The server that LLM_CONFIG_URL and LLM_CONFIG_TOKEN name."""
    return Server(
        environment.get(URL_VARIABLE) or DEFAULT_URL,
        environment.get(TOKEN_VARIABLE) or None,
        allows_danger(environment),
        environment.get(WATCH_VARIABLE, ""),
    )


def allows_danger(environment: Mapping[str, str]) -> bool:
    return environment.get(DANGER_VARIABLE, "") in ("1", "true")


def _over_http(url: str) -> str:
    """A WebSocket's address (RFC 6455, section 3) as that of its handshake."""
    scheme, colon, rest = url.partition(":")
    return {"wss": "https", "ws": "http"}.get(scheme.lower(), scheme) + colon + rest


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 (reading it is what checks it)
    except ValueError:
        raise Misconfigured("the server's URL is not a URL: write https://host or http://127.0.0.1:8080") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or not url.isascii() or not url.isprintable():
        raise Misconfigured("the server's URL begins with http:// or https:// and names a host")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise Misconfigured("the server's URL is a scheme, a host and perhaps a path: no user, query or fragment")
    return parts


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check_token(token: str) -> None:
    if len(token) > MAX_TOKEN or not token.isascii() or not token.isprintable() or " " in token:
        raise Misconfigured("the token is not one: it is printable ASCII without spaces, at most 7 KB")
