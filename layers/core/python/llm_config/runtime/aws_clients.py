"""The one boto3 client of each service: made at first use, shared by all adapters and threads of a container."""

import logging
from collections.abc import Callable
from functools import cache
from time import perf_counter
from typing import Any

from llm_config.runtime.settings import settings

CONNECT_SECONDS = 1
READ_SECONDS = 3
ATTEMPTS = 3
ITS_OWN: dict[str, dict[str, Any]] = {
    "events": {"read_timeout": 1, "retries": {"total_max_attempts": 1}},
    "s3": {"signature_version": "s3v4"},
}
"""Of a service whose adapter repeats by itself, within a limit of its own; and of one whose presigned addresses must
open what lies under a key of KMS, which the older signature does not."""
WATCHING = "apigatewaymanagementapi"
"""The one service that has an address for each deployment."""
USER_AGENT = "llm-config-manager"
"""Said outright: botocore's own is put together anew for every request, a quarter of what a request costs here."""
DRIVERS = ("botocore", "boto3", "urllib3")


@cache
def client(service: str) -> Any:
    """Its waits are short: a caller of ours waits behind every one of them."""
    import boto3
    from botocore.config import Config

    told: dict[str, Any] = {
        "connect_timeout": CONNECT_SECONDS,
        "read_timeout": READ_SECONDS,
        "retries": {"mode": "standard", "total_max_attempts": ATTEMPTS},
        **ITS_OWN.get(service, {}),
    }
    config = Config(tcp_keepalive=True, user_agent=USER_AGENT, **told)
    endpoint = (settings().watch_endpoint or None) if service == WATCHING else None
    return boto3.client(service, config=config, endpoint_url=endpoint)  # type: ignore[call-overload]  # they name each


def quiet_drivers() -> None:
    """At DEBUG they print whole requests and answers, the plaintext of data keys among them: not under our root logger."""
    for driver in DRIVERS:
        logger = logging.getLogger(driver)
        logger.setLevel(max(logger.level, logging.WARNING))


def tell_waits(client: Any, told: Callable[[float], None]) -> None:
    """From now on `told` hears of every call of `client` how many seconds it took, its repetitions among them."""

    def begin(context: dict[str, Any], **_: Any) -> None:
        context["llm_config_began"] = perf_counter()

    def end(context: dict[str, Any], **_: Any) -> None:
        told(perf_counter() - context["llm_config_began"])

    events, service = client.meta.events, client.meta.service_model.service_name
    for event, hear in (("before-call", begin), ("after-call", end), ("after-call-error", end)):
        events.register(f"{event}.{service}", hear, unique_id=f"llm-config-{event}")  # once, however often it is asked
