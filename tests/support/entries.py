"""Journal entries that no operation made."""

from typing import Any

from llm_config_domain.journal import Actor, JournalEntry, Result
from llm_config_domain.names import TenantId
from llm_config_domain.policy import Resource


def numbered(tenant: TenantId, number: int, **told: Any) -> JournalEntry:
    """The same entry for the same number; a second later than the one before."""
    usual: dict[str, Any] = {
        "id": f"01M7XB2CPDX901Z538H{number:07d}",
        "at": f"2026-11-{number // 3600 % 28 + 1:02d}T10:{number // 60 % 60:02d}:{number % 60:02d}.000Z",
        "tenant": tenant,
        "event_type": "config.updated",
        "severity": "info",
        "actor": Actor("user:ana", "user", ("operator",)),
        "action": "configs:write",
        "resource": Resource("configs", "app/database", "production"),
        "result": Result("success", 4),
        "request_id": f"request-{number}",
        "metadata": {"version": number + 1, "reason": "més"},
    }
    return JournalEntry(**(usual | told))
