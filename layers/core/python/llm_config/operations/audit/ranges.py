"""Ranges of leaves: which one holds a time, and what is in it, a thousand at once."""

from collections.abc import Iterator

from llm_config.ports.audit_reader import AuditReader
from llm_config_domain.audit.entries import Leaf
from llm_config_domain.errors import Malformed, TooLarge
from llm_config_domain.names import TenantId

AT_ONCE = 1000


def ordered(begin: str, end: str) -> None:
    """Raises Malformed for a time that ends before it begins."""
    if begin > end:
        raise Malformed("`from` is the earlier time and `to` the later one")


def checked_span(
    tenant: TenantId, begin: str, end: str, size: int, most: int, audit_reader: AuditReader
) -> tuple[int, int]:
    """The leaves of a time. Raises Malformed for one that ends before it begins, TooLarge for more than `most`."""
    ordered(begin, end)
    first, last = audit_reader.span(tenant, begin, end, size)
    if last - first > most:
        raise TooLarge(
            "this time has more entries than one answer holds: ask for a shorter one", limit=most, current=last - first
        )
    return first, last


def leaves_of(tenant: TenantId, first: int, last: int, audit_reader: AuditReader) -> Iterator[Leaf]:
    for begin in range(first, last, AT_ONCE):
        yield from audit_reader.leaves(tenant, begin, min(begin + AT_ONCE, last))


def hashes_of(tenant: TenantId, first: int, last: int, audit_reader: AuditReader) -> list[bytes]:
    return [leaf.hash for leaf in leaves_of(tenant, first, last, audit_reader)]
