"""The SDK of LLM-Config-Manager.

    with Client.from_environment() as client:
        client.resolve("app/database", environment="production").value

A refusal by the service is raised as its class of `llm_config_domain.errors`; what goes wrong on this side, as one of
`llm_config_client.errors`.
"""

from llm_config_client.client import AsyncClient, Client
from llm_config_client.core import Answer
from llm_config_client.errors import (
    ClientFault,
    DamagedListing,
    Misconfigured,
    NotModified,
    Unreachable,
    UnreadableAnswer,
    request_id,
)
from llm_config_client.retries import Retries

__all__ = [
    "Answer",
    "AsyncClient",
    "Client",
    "ClientFault",
    "DamagedListing",
    "Misconfigured",
    "NotModified",
    "Retries",
    "Unreachable",
    "UnreadableAnswer",
    "request_id",
]
