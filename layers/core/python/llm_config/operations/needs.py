"""What a request can reach beside the ports of its operation's signature: the one place that says it.

A need is a port, or one method of a port (`api_key_reader.held`) where no other is ever called.
"""

from llm_config.operations.operation import Operation, Row, Task, Trigger

LINE = frozenset({"request_log"})
"""Of `runtime/observability.py`: every call of a function."""
CREDENTIAL = frozenset({"access_log", "api_key_reader.held", "clock", "identifiers", "issuer_keys", "verified_tokens"})
"""Of `runtime/authenticate.py`: every request of a route that is not public."""
DOOR = frozenset({"access_log", "clock", "identifiers", "journal"})
"""Of `perform`, for every operation that is recorded."""
MINUTE = frozenset({"clock"})
"""Of `runtime/ticks.py`: what time it is, beside what the task's own agenda says is due."""
FOLLOWED = frozenset({"journal_marks.move"})
"""Of `runtime/consumer.py`, for those who follow the journal: how far they are."""
RECEIPT = frozenset({"receipt_signer"})
"""Of `perform`, where the caller asks for a receipt."""
OPENING = "$connect"
"""The gateway's route of a handshake, the one task that is asked for a credential."""
OWN_TENANT = frozenset({"tenant_reader"})
"""Of `perform`, where the request names a tenant: is it the caller's own?"""


def needs_of(row: Row) -> frozenset[str]:
    """Everything that the function of `row` can ask of the world outside."""
    needs = LINE | frozenset(row.ports)
    if isinstance(row, Operation) and not row.public:
        needs |= CREDENTIAL
    if isinstance(row, Task) and row.trigger is Trigger.TICK:
        needs |= MINUTE | {row.agenda}
    if isinstance(row, Task) and row.trigger is Trigger.STREAM:
        needs |= FOLLOWED
    if isinstance(row, Task) and row.route == OPENING:
        needs |= CREDENTIAL
    if row.recorded is not None:
        needs |= DOOR
    if isinstance(row, Operation) and row.promises:
        needs |= RECEIPT
    if row.resource_type == "tenants":
        needs |= OWN_TENANT
    return needs
