"""A client whose every call is short: a cache that is slow is worse than none."""

from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from llm_config.adapters.valkey.login import IamLogin

CONNECT_SECONDS, ANSWER_SECONDS = 0.25, 0.1
PORT = 6379


def client(**address: Any) -> "Redis":
    """One connection a container, opened at its first use. One more try, at once: what was idle may have been closed."""
    return Redis(
        **address,
        socket_connect_timeout=CONNECT_SECONDS,
        socket_timeout=ANSWER_SECONDS,
        retry=Retry(NoBackoff(), 1),
        max_connections=8,
    )


def serverless(host: str, name: str) -> "Redis":
    """An ElastiCache Serverless cache, by TLS and as the IAM role of the function."""
    import boto3
    from botocore.model import ServiceId
    from botocore.signers import RequestSigner

    session = boto3.Session()
    signer = RequestSigner(
        ServiceId("elasticache"),
        session.region_name,
        "elasticache",
        "v4",
        session.get_credentials(),  # type: ignore[arg-type]  # a function has a role
        session.events,
    )
    return client(host=host, port=PORT, ssl=True, credential_provider=IamLogin(signer, name, name))
