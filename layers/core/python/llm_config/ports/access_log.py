from typing import Protocol

from llm_config_domain.journal import JournalEntry


class AccessLog(Protocol):
    def note(self, entry: JournalEntry) -> None:
        """Record an access behind the answer. Never raises and never waits; durable soon after its request has its line
        (`request_log`).

        What could not be recorded leaves a gap that the audit can see: a missing number, or a gap record.
        """
        ...
