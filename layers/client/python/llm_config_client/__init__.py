"""The SDK of LLM-Config-Manager.

    with Client.from_environment() as client:
        client.resolve("app/database", environment="production").value
        configs = ConfigCache(client)  # in memory, asked about every five seconds
        configs.get("app/database", "production")

        client.resolve_namespace("app", environment="production").items      # all of them at one revision, or an error
        for listed in client.every(calls.list_configs, namespace="models/*"): ...      # all pages of any listing
        for page in client.watch("app", since=token): ...                    # what changes, as it changes, in order

A refusal by the service is raised as its class of `llm_config_domain.errors`; what goes wrong on this side, as one of
`llm_config_client.errors`.
"""

from llm_config_client.async_cache import AsyncConfigCache
from llm_config_client.async_client import AsyncClient
from llm_config_client.cache import ConfigCache
from llm_config_client.client import Client
from llm_config_client.core import Answer
from llm_config_client.errors import (
    ClientFault,
    DamagedListing,
    Misconfigured,
    NotConverged,
    NotModified,
    Unreachable,
    UnreadableAnswer,
    request_id,
)
from llm_config_client.held_configs import HeldConfig
from llm_config_client.retries import Retries

__all__ = [
    "Answer",
    "AsyncClient",
    "AsyncConfigCache",
    "Client",
    "ClientFault",
    "ConfigCache",
    "DamagedListing",
    "HeldConfig",
    "Misconfigured",
    "NotConverged",
    "NotModified",
    "Retries",
    "Unreachable",
    "UnreadableAnswer",
    "request_id",
]
