"""What a row's ports reach that is not there for every function: a network, a line in the log."""

from llm_config.operations.needs import needs_of
from llm_config.operations.operation import Row

AUDIT = frozenset(
    {
        *("audit_appender", "audit_keeper", "audit_reader", "audit_subjects", "read_numbers"),
        *("name_index", "name_projector"),
    }
)
CACHE = frozenset({"shared_layers"})
"""Ports that reach what stands in the network alone: the audit's database (where the index of names is too), the shared
cache."""
TARGETS = frozenset({"rotation_target"})
"""The port that reaches what may stand in a network of whoever deploys."""


def asks_the_audit(row: Row) -> bool:
    return not AUDIT.isdisjoint(row.ports)


def asks_a_target(row: Row) -> bool:
    return not TARGETS.isdisjoint(row.ports)


def stands_inside(row: Row, *, shared_cache: bool) -> bool:
    return asks_the_audit(row) or (shared_cache and not CACHE.isdisjoint(row.ports))


def prints_accesses(row: Row) -> bool:
    """Does the function of `row` print lines that carry accesses: reads, refusals, log-ins that failed?"""
    return "access_log" in needs_of(row)
