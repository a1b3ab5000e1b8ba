from collections.abc import Mapping
from typing import Any, Protocol


class RequestLog(Protocol):
    def write(self, line: Mapping[str, Any]) -> None:
        """Write the one line of the request that this thread has answered: JSON's texts, numbers and lists by name.

        `line` holds `level`, `request_id`, `operation`, `status`, `cache_level` and `duration_ms` at least. Where the
        accesses of `access_log` are lines of a log, the one that this thread noted meanwhile rides in this line. A home
        may leave out lines below its level. Never raises and never waits; what could not be written is lost.
        """
        ...
