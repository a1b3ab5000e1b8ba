"""What the service says about itself. Values of requests, secrets and exceptions are never among it."""

import traceback
from functools import cache
from typing import Any


@cache
def logger() -> Any:
    """Powertools' structured logger; imported at the first line that is written."""
    from aws_lambda_powertools import Logger

    return Logger(service="llm-config", log_uncaught_exceptions=False)


def unexpected(error: BaseException, operation: str, request_id: str) -> None:
    """Log a defect by type and place. Its message may hold input, so it is left out."""
    frames = traceback.extract_tb(error.__traceback__)
    place = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames[-6:]]
    logger().error(
        "unexpected error",
        extra={"error": type(error).__name__, "place": place, "op": operation, "request_id": request_id},
    )
