"""One POST to an address that a tenant chose: never to this machine or its network, bounded, and no redirects."""

import ipaddress
import socket
import ssl
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

import urllib3

from llm_config_domain.errors import TargetRefused, Unavailable

_TIMEOUT = urllib3.Timeout(connect=5, read=10)
MAX_ANSWER = 64 * 1024
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Posts:
    """`local` allows every address and plain HTTP: where the home runs on its owner's machine, and nowhere else."""

    def __init__(
        self,
        *,
        local: bool = False,
        context: ssl.SSLContext | None = None,
        timeout: urllib3.Timeout = _TIMEOUT,
    ) -> None:
        self._local, self._context, self._timeout = local, context, timeout

    def check(self, url: str) -> None:
        """Raises what `post` would raise before it sends anything; where every address is allowed, none is looked up."""
        parts = self._checked(url)
        if not self._local:
            self._address(parts)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """The status of the answer. Raises TargetRefused for an address that is not allowed, Unavailable."""
        return self.exchange(url, body, headers)[0]

    def exchange(self, url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """(status, the first 64 KiB of the answer). Raises as `post`."""
        parts = self._checked(url)
        address = self._address(parts)
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        sent = {"Content-Type": "application/json", **headers, "Host": parts.netloc}
        try:
            with self._pool(parts, address) as pool:
                answer = pool.urlopen("POST", target, body=body, headers=sent, redirect=False, preload_content=False)
                told = answer.read(MAX_ANSWER)
                answer.close()
        except (urllib3.exceptions.HTTPError, OSError, UnicodeError):
            raise Unavailable("the webhook did not answer") from None
        return int(answer.status), told

    def _checked(self, url: str) -> SplitResult:
        try:
            parts = urlsplit(url)
            well = bool(parts.hostname) and parts.username is None and (parts.port or 443) > 0
        except ValueError:
            well = False
        if not well or parts.scheme not in (("https", "http") if self._local else ("https",)):
            raise TargetRefused("a webhook's url is an https address without a user")
        return parts

    def _address(self, parts: SplitResult) -> str:
        """Looked up once, and it is what is then connected to: a name cannot mean another machine a moment later."""
        try:
            found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise Unavailable("the webhook's name is not known now") from None
        addresses = [str(entry[4][0]) for entry in found]
        if not self._local and not all(_is_public(ipaddress.ip_address(one.partition("%")[0])) for one in addresses):
            raise TargetRefused("a webhook's url leads into a network that is not public")
        return addresses[0]

    def _pool(self, parts: SplitResult, address: str) -> urllib3.HTTPConnectionPool:
        if parts.scheme == "http":
            return urllib3.HTTPConnectionPool(address, parts.port or 80, timeout=self._timeout, retries=False)
        return urllib3.HTTPSConnectionPool(
            address,
            parts.port or 443,
            timeout=self._timeout,
            retries=False,
            ssl_context=self._context or ssl.create_default_context(),
            server_hostname=parts.hostname,
            assert_hostname=parts.hostname,
        )


def _is_public(address: Address) -> bool:
    """An IPv6 address that stands for an IPv4 one is as public as that."""
    inner = _inner(address) if isinstance(address, ipaddress.IPv6Address) else None
    return (inner or address).is_global and not (inner or address).is_multicast


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """What it stands for: mapped (RFC 4291), 6to4 (RFC 3056), Teredo (RFC 4380), translated (RFC 6052)."""
    if address in _TRANSLATED:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
