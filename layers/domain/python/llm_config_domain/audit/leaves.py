"""An entry as the audit serves it, and the leaf that it is: SHA-256(0x00 || RFC 8785 of exactly that entry).

Whoever has the entry as it was served can make the leaf again; there is no other form of it.
"""

from collections.abc import Mapping
from typing import Any

import rfc8785

from llm_config_domain.audit.tree import leaf_hash
from llm_config_domain.journal import JournalEntry


def record_of(entry: JournalEntry) -> dict[str, Any]:
    """The entry as it is served. It holds no value of a config and nothing of a secret, as the journal's does not."""
    told = entry.to_record()
    return {
        "id": told["id"],
        "timestamp": told["at"],
        "event_type": told["event_type"],
        "severity": told["severity"],
        "tenant": told["tenant"],
        "actor": {**told["actor"], "roles": list(told["actor"]["roles"])},
        "resource": told["resource"],
        "action": told["action"],
        "result": told["result"],
        "request_id": told["request_id"],
        "metadata": told["metadata"],
    }


def canonical(record: Mapping[str, Any]) -> bytes:
    """RFC 8785: one text for equal content, whoever writes it. Raises ValueError for what has none (a number beyond
    2^53, a lone surrogate)."""
    return rfc8785.dumps(dict(record))


def leaf_of(record: Mapping[str, Any]) -> bytes:
    """Raises ValueError, as `canonical`."""
    return leaf_hash(canonical(record))
