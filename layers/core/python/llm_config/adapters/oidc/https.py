"""One GET over HTTPS, bounded in time and size. A redirect is a refusal: the address was chosen by the deployment."""

import http.client
import ssl
import time
from urllib.parse import urlsplit

from llm_config_domain.errors import Unavailable

TIMEOUT_SECONDS = 3
MAX_BYTES = 64 * 1024


def fetch(url: str, context: ssl.SSLContext | None = None) -> bytes:
    """The body of a 200 answer. Raises Unavailable for everything else; ValueError for a URL that is not https."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise ValueError("an issuer's keys are fetched over https only")
    connection = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=TIMEOUT_SECONDS, context=context)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    try:
        connection.request("GET", target, headers={"Accept": "application/json"})
        answer = connection.getresponse()
        if answer.status != http.client.OK:
            raise Unavailable("the issuer's keys cannot be fetched now")
        return _bounded(answer)
    except (OSError, http.client.HTTPException) as error:
        raise Unavailable("the issuer's keys cannot be fetched now") from error
    finally:
        connection.close()


def _bounded(answer: http.client.HTTPResponse) -> bytes:
    """A socket's timeout starts anew with every byte, so the whole body has a deadline of its own."""
    deadline, body = time.monotonic() + TIMEOUT_SECONDS, b""
    while part := answer.read1(MAX_BYTES):
        body += part
        if len(body) > MAX_BYTES or time.monotonic() > deadline:
            raise Unavailable("the issuer's key set is too large or too slow")
    return body
