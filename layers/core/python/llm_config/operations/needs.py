"""What a request can reach beside the ports of its operation's signature: the one place that says it.

A need is a port, or one method of a port (`api_key_reader.held`) where no other is ever called.
"""

from llm_config.operations.operation import Operation

LINE = frozenset({"request_log"})
"""Of `runtime/observability.py`: every request."""
CREDENTIAL = frozenset({"access_log", "api_key_reader.held", "clock", "identifiers", "issuer_keys", "verified_tokens"})
"""Of `runtime/authenticate.py`: every request of a route that is not public."""
DOOR = frozenset({"access_log", "clock", "identifiers", "journal"})
"""Of `perform`, for every operation that is recorded."""
OWN_TENANT = frozenset({"tenant_reader"})
"""Of `perform`, where the request names a tenant: is it the caller's own?"""


def needs_of(operation: Operation) -> frozenset[str]:
    """Everything that the function of `operation` can ask of the world outside."""
    needs = LINE | frozenset(operation.ports)
    if not operation.public:
        needs |= CREDENTIAL
    if operation.recorded is not None:
        needs |= DOOR
    if operation.resource_type == "tenants":
        needs |= OWN_TENANT
    return needs
