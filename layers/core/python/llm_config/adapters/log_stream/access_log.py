"""Accesses as lines of the function's log: its group's subscription brings them to the audit."""

import json
import sys
import threading

from llm_config_domain.journal import JournalEntry


class LogStreamAccessLog:
    """Implements `access_log`: one JSON line an access.

    Lines of one container are numbered from 1 without a gap. A number is spent before its line is written, so a line
    that was lost on its way is a number that is missing.
    """

    def __init__(self, container: str) -> None:
        self._container, self._sequence = container, 0
        self._lock = threading.Lock()

    def note(self, entry: JournalEntry) -> None:
        with self._lock:
            self._sequence += 1
            told = {"access": entry.to_record(), "container": self._container, "sequence": self._sequence}
            try:
                sys.stdout.write(json.dumps(told) + "\n")
                sys.stdout.flush()
            except (OSError, ValueError, TypeError):
                return  # the missing number tells it
