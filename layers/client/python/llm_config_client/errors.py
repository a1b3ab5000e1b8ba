"""What can go wrong on this side of the wire. What the service says no to is told by `llm_config_domain.errors`.

* ClientFault
  - Misconfigured       an address, a token or a profile that must not be used; nothing was sent
  - Unreachable         no answer came; the request may or may not have had its effect
  - UnreadableAnswer    an answer came that is not this API's: another server, a proxy, a redirect
  - DamagedListing      a listing of a namespace that is not whole, or not as the service sent it
  - NotModified         the entry still has the etag that was named with if_none_match
  - NotConverged        the fleet did not come to one revision in time
"""

from collections.abc import Mapping

from llm_config_domain.errors import Refusal


class ClientFault(Exception):
    """The root. `detail` is for people and holds no value and no credential."""

    def __init__(self, detail: str, *, request_id: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.request_id = request_id


class Misconfigured(ClientFault):
    pass


class Unreachable(ClientFault):
    pass


class UnreadableAnswer(ClientFault):
    pass


class DamagedListing(ClientFault):
    pass


class NotModified(ClientFault):
    """`headers` are the answer's, by lower-case name."""

    def __init__(self, detail: str, *, request_id: str = "", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail, request_id=request_id)
        self.headers = headers or {}


class NotConverged(ClientFault):
    pass


def request_id(error: Refusal | ClientFault) -> str:
    """The service's number for the request that failed; empty when the request never got an answer."""
    return error.request_id
