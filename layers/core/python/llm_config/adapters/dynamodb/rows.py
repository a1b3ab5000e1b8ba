"""The rows that a transaction carries beside its own: the tenant that may write, the promise not to repeat, the record."""

import json
from datetime import datetime, timedelta
from typing import Any

from llm_config.adapters.dynamodb import keys
from llm_config.adapters.dynamodb.items import Item, Put, absent_or_expired
from llm_config.adapters.dynamodb.keys import Key
from llm_config_domain.idempotency import KEPT_HOURS, Idempotency
from llm_config_domain.journal import JournalEntry
from llm_config_domain.tenants import Tenant

ACCESSES_KEPT = timedelta(days=8)


def tenant_of(item: Item | None) -> Tenant | None:
    return Tenant.from_record(json.loads(item["record"])) if item else None


def earlier_result(item: Item | None, idempotency: Idempotency | None, now: datetime) -> Any | None:
    """What this key was answered with. Raises IdempotencyMismatch when another request used it."""
    if idempotency is None or item is None or item["expires_at"] <= int(now.timestamp()):
        return None
    idempotency.check(item["fingerprint"])
    return json.loads(item["result"])


def remembered(idempotency: Idempotency | None, result: Any, now: datetime) -> list[Put]:
    """The row that keeps the reference of a result for 24 hours; none where nothing was promised."""
    if idempotency is None:
        return []
    kept = {
        "fingerprint": idempotency.fingerprint(),
        "result": json.dumps(result),
        "expires_at": int((now + timedelta(hours=KEPT_HOURS)).timestamp()),
    }
    return [Put(keys.idempotency(idempotency), kept, absent_or_expired(int(now.timestamp())))]


def change(key: Key, entry: JournalEntry, rest: int = 0) -> Put:
    """`rest` rows of the same revision come behind it."""
    return Put(key, {"entry": json.dumps(entry.to_record()), "rest": rest})


def access(entry: JournalEntry) -> Put:
    expires_at = datetime.fromisoformat(entry.at) + ACCESSES_KEPT
    kept = {"entry": json.dumps(entry.to_record()), "expires_at": int(expires_at.timestamp())}
    return Put(keys.access(entry), kept)


def is_record_of(item: Item | None, entry: JournalEntry) -> bool:
    """Is this journal row the one that `entry` became?"""
    return item is not None and json.loads(item["entry"])["id"] == entry.id
