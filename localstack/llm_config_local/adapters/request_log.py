"""The requests' lines at home: on stderr, for those levels that the log level lets through."""

import json
import logging
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from llm_config_domain import times

LOGGER = "llm_config.requests"
"""The name under which Python's logging is asked for the level: WARNING, unless LOG_LEVEL says otherwise."""


class StderrRequestLog:
    """Implements `request_log`: one JSON line a request at INFO, of an outage at WARNING, of a defect at ERROR."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def write(self, line: Mapping[str, Any]) -> None:
        if not logging.getLogger(LOGGER).isEnabledFor(logging.getLevelNamesMapping()[line["level"]]):
            return
        try:
            sys.stderr.write(json.dumps({"at": times.rfc3339(self._now()), **line}, separators=(",", ":")) + "\n")
            sys.stderr.flush()
        except (OSError, ValueError, TypeError):
            return  # nobody can be told
