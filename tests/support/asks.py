"""Requests that tests of the AWS home send, by name."""

from dataclasses import dataclass, field
from typing import Any

from llm_config_domain.names import PLATFORM, TenantId

ACME = TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAV")


@dataclass(frozen=True)
class Ask:
    method: str
    url: str
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    by: TenantId = ACME
    role: str = "tenant-admin"
    status: int = 200


LARGE = "x" * 40_000
CONFIG, SECRET = (
    "/api/v1/configs/gateway/primary?environment=production",
    "/api/v1/secrets/keys/main?environment=production",
)
VALIDATIONS = "/api/v1/config-validations/gateway/primary?environment=production"
RESOLVED = "/api/v1/resolved/gateway/primary?environment=production"
PUT_CONFIG = Ask("PUT", CONFIG, {"value": {"key": {"$secret": "keys/main"}}}, status=201)
PUT_KEYED = Ask("PUT", CONFIG, {"value": 1}, {"Idempotency-Key": "k"}, status=201)
PUT_LARGE = Ask("PUT", CONFIG, {"value": LARGE}, status=201)
PUT_PLATFORM = Ask("PUT", CONFIG.replace("production", "global"), {"value": {"a": 1}}, by=PLATFORM, role="global-admin",
                   status=201)  # fmt: skip
PUT_SECRET = Ask("PUT", SECRET, {"type": "api_key", "value": "sk-1"}, status=201)
PUT_SECRET_KEYED = Ask("PUT", SECRET, {"type": "api_key", "value": "sk-1"}, {"Idempotency-Key": "k"}, status=201)
UPDATE = Ask("PUT", CONFIG, {"value": 2})
GET_CONFIG, GET_SECRET, RESOLVE = Ask("GET", CONFIG), Ask("GET", SECRET), Ask("GET", RESOLVED)
REVEAL = Ask("GET", f"{RESOLVED}&secrets=reveal")
NEW_TENANT = Ask("POST", "/api/v1/tenants", {"name": "globex"}, by=PLATFORM, role="global-admin", status=201)
NEW_KEY = {"kms:DescribeKey": 1, "kms:CreateKey": 1, "kms:EnableKeyRotation": 1, "kms:CreateAlias": 1}
NAMESPACES = "/api/v1/namespaces"
NEW_NAMESPACE = Ask("PUT", f"{NAMESPACES}/gateway", {"description": "Routes"}, status=201)
API_KEYS = "/api/v1/api-keys"
SUBSCRIPTIONS = "/api/v1/subscriptions"
NEW_SUBSCRIPTION = Ask("POST", SUBSCRIPTIONS, {"url": "https://1.1.1.1/", "namespaces": ["*"]}, status=201)
NEW_API_KEY = Ask("POST", API_KEYS, {"name": "k", "roles": ["viewer"]}, status=201)
NEW_API_KEY_KEYED = Ask("POST", API_KEYS, {"name": "k", "roles": ["viewer"]}, {"Idempotency-Key": "k"}, status=201)

ROTATE = Ask("POST", SECRET.replace("/secrets/", "/rotations/"), {}, status=202)
SCHEDULE = Ask("PUT", SECRET.replace("/secrets/", "/rotation-schedules/"), {"schedule": "90d"})
_USED = {"path": "keys/main", "environment": "production", "version_id": ACME, "uses": 1}
USAGE = Ask("POST", "/api/v1/usage-reports", {"service": "gateway", "items": [_USED]})

VERSIONS, DIFF = f"{CONFIG}", f"{CONFIG}&from=1&to=2".replace("/configs/", "/config-diffs/")
MERGE = {"content-type": "application/merge-patch+json"}
PATCH_CONFIG = Ask("PATCH", CONFIG, {"a": 1}, MERGE)
DELETE_CONFIG, DELETE_SECRET = Ask("DELETE", CONFIG, status=204), Ask("DELETE", SECRET, status=204)
LIST, LIST_ALL = Ask("GET", "/api/v1/configs?namespace=gateway"), Ask("GET", "/api/v1/configs?namespace=*")
SECRETS = Ask("GET", "/api/v1/secrets?namespace=keys")
NAMESPACE = Ask("GET", "/api/v1/resolved?namespace=gateway&environment=production")
WAITING = Ask("PUT", SECRET, {"type": "api_key", "value": "sk-2", "activate": False})
LARGE_SECRET = Ask("PUT", SECRET, {"type": "generic", "value": LARGE}, status=201)


REPORT = Ask("POST", "/api/v1/fleet-reports", {
    "service": "gateway", "instance": "i-1", "items": [{"namespace": "gateway", "environment": "production", "revision": 1}],
})  # fmt: skip


def about(route: str, ask: Ask, status: int = 200, **body: Any) -> Ask:
    """A POST to another route about the same name."""
    name = ask.url.removeprefix("/api/v1/").partition("/")[2]
    return Ask("POST", f"/api/v1/{route}/{name}", body, status=status)


ELSEWHERE = {"path": "other/place", "environment": "staging"}


def batch(*names: str) -> Ask:
    operations = [{"operation": "put", "path": name, "environment": "production", "value": 1} for name in names]
    return Ask("POST", "/api/v1/config-batches", {"operations": operations})
