"""What AWS answers to the requests that are measured, heard once from moto before any time is taken."""

import io
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from llm_config_domain.names import TenantId
from tests.support.aws import AwsKit, on_aws

ACME = TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAV")
NAMESPACE = "gateway-00000000"
VALUE = {
    "provider": "anthropic",
    "models": [{"name": f"model-{n}", "max_tokens": 4096, "tags": ["a", "b"]} for n in range(17)],
}
LONG = 10 * 365 * 24 * 3600
CONFIG = f"/api/v1/configs/{NAMESPACE}/primary?environment=production"
RESOLVED = CONFIG.replace("configs", "resolved")
SECRET = f"/api/v1/secrets/{NAMESPACE}/primary?environment=production"
SECRET_VALUE = "s" * 1000


@dataclass(frozen=True)
class Recording:
    """One request as API Gateway hands it over (JSON text), and the answers of AWS that it needs."""

    event: str
    key_set: bytes
    heard: dict[str, bytes] = field(default_factory=dict)


@contextmanager
def deployment() -> Iterator[AwsKit]:
    """The AWS family over moto, with a tenant."""
    with TemporaryDirectory() as directory, redirect_stdout(io.StringIO()), on_aws(Path(directory)) as kit:
        kit.tenant("acme", ACME)
        yield kit


def recorded(writes: Sequence[tuple[str, Any]], url: str) -> Recording:
    """What a container that knows nothing yet hears when it answers GET `url`, after `writes` (URL, body)."""
    with deployment() as kit:
        token = kit.token(ACME, "tenant-admin", ttl=LONG)
        for where, body in writes:
            assert kit.call("PUT", where, body, token=token).status == 201
        key_set = json.dumps({"keys": [kit.tokens.jwk()]}).encode()
        recording = Recording(json.dumps(event_of(url, token)), key_set)
        with _listening(kit, recording.heard):
            assert kit.another_container().call("GET", url, token=token).status == 200
    return recording


@contextmanager
def _listening(kit: AwsKit, heard: dict[str, bytes]) -> Iterator[None]:
    def hear(event_name: str, response_dict: Any, **_: Any) -> None:
        heard[event_name.rpartition(".")[2]] = response_dict["body"]

    with ExitStack() as stack:
        for service in ("dynamodb", "kms"):
            events = kit.account.client(service).meta.events
            events.register("response-received.*", hear)
            stack.callback(events.unregister, "response-received.*", hear)
        yield


def event_of(url: str, token: str) -> dict[str, Any]:
    """A GET as API Gateway tells it (HTTP API, payload 2.0)."""
    path, _, query = url.partition("?")
    return {
        "version": "2.0",
        "routeKey": "GET /api/v1/x/{path+}",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {
            "accept": "application/json",
            "authorization": f"Bearer {token}",
            "host": "api.example.test",
            "user-agent": "bench",
            "x-amzn-trace-id": "Root=1-5759e988-bd862e3fe1be46a994272793",
            "x-forwarded-for": "203.0.113.7",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
        },
        "queryStringParameters": dict(pair.split("=", 1) for pair in query.split("&")),
        "pathParameters": {"path": path.split("/", 4)[4]},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api",
            "domainName": "api.example.test",
            "http": {
                "method": "GET",
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.7",
                "userAgent": "bench",
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": "GET /api/v1/x/{path+}",
            "stage": "$default",
            "timeEpoch": 1583348638390,
        },
        "isBase64Encoded": False,
    }
