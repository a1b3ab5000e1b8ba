"""An entry as the audit serves it, and the leaf that it is: SHA-256(0x00 || RFC 8785 of exactly that entry).

Whoever has the entry as it was served can make the leaf again; there is no other form of it.
"""

import json
from collections.abc import Mapping
from typing import Any

from llm_config_domain.audit.tree import leaf_hash
from llm_config_domain.journal import JournalEntry

_LARGEST = 2**53 - 1
_SIMPLE = frozenset({str, bool, type(None)})
_PLAIN = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False)


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
    if _is_plain(record):
        return _PLAIN.encode(record).encode()
    import rfc8785  # fractions, and names beyond ASCII: no entry of ours has them

    return rfc8785.dumps(dict(record))


def _is_plain(value: Any) -> bool:
    """Does the standard library write it as RFC 8785 does, thirty times as fast as a library in Python? Texts and whole
    numbers, under names of ASCII alone: those sort by UTF-16 as they do by character. A verifier asks it of every member
    of every entry, so most are answered here without another call."""
    kind = type(value)
    if kind is dict:
        for name, member in value.items():
            if type(name) is not str or not name.isascii() or (type(member) not in _SIMPLE and not _is_plain(member)):
                return False
        return True
    if kind is list:
        return all(map(_is_plain, value))
    return kind in _SIMPLE or (kind is int and -_LARGEST <= value <= _LARGEST)


def leaf_of(record: Mapping[str, Any]) -> bytes:
    """Raises ValueError, as `canonical`."""
    return leaf_hash(canonical(record))
