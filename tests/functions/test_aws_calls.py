"""What each operation asks of AWS, to the call: the read path's promise, and the first thing that a bill shows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from llm_config.operations.catalog import OPERATIONS
from llm_config.operations.operation import Operation
from llm_config_domain.names import PLATFORM, TenantId
from tests.support.aws import AwsKit, on_aws
from tests.support.permissions import refused, watched

GET, BATCH_GET, QUERY = "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"
PUT, TRANSACT = "dynamodb:PutItem", "dynamodb:TransactWriteItems"
DECRYPT, GENERATE = "kms:Decrypt", "kms:GenerateDataKey"
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


@dataclass(frozen=True)
class Case:
    """`before` happened in another container; `warm` in this one, before the calls are counted; `meanwhile` in another
    one again, and the request comes so many seconds `later`."""

    ask: Ask
    calls: dict[str, int]
    before: tuple[Ask, ...] = ()
    warm: tuple[Ask, ...] = ()
    meanwhile: tuple[Ask, ...] = ()
    later: float = 0


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
NEW_API_KEY = Ask("POST", API_KEYS, {"name": "k", "roles": ["viewer"]}, status=201)
NEW_API_KEY_KEYED = Ask("POST", API_KEYS, {"name": "k", "roles": ["viewer"]}, {"Idempotency-Key": "k"}, status=201)

VERSIONS, DIFF = f"{CONFIG}", f"{CONFIG}&from=1&to=2".replace("/configs/", "/config-diffs/")
MERGE = {"content-type": "application/merge-patch+json"}
PATCH_CONFIG = Ask("PATCH", CONFIG, {"a": 1}, MERGE)
DELETE_CONFIG, DELETE_SECRET = Ask("DELETE", CONFIG, status=204), Ask("DELETE", SECRET, status=204)
LIST, LIST_ALL = Ask("GET", "/api/v1/configs?namespace=gateway"), Ask("GET", "/api/v1/configs?namespace=*")
SECRETS = Ask("GET", "/api/v1/secrets?namespace=keys")
NAMESPACE = Ask("GET", "/api/v1/resolved?namespace=gateway&environment=production")
WAITING = Ask("PUT", SECRET, {"type": "api_key", "value": "sk-2", "activate": False})
LARGE_SECRET = Ask("PUT", SECRET, {"type": "generic", "value": LARGE}, status=201)


def about(route: str, ask: Ask, status: int = 200, **body: Any) -> Ask:
    """A POST to another route about the same name."""
    name = ask.url.removeprefix("/api/v1/").partition("/")[2]
    return Ask("POST", f"/api/v1/{route}/{name}", body, status=status)


ELSEWHERE = {"path": "other/place", "environment": "staging"}


def batch(*names: str) -> Ask:
    operations = [{"operation": "put", "path": name, "environment": "production", "value": 1} for name in names]
    return Ask("POST", "/api/v1/config-batches", {"operations": operations})


CASES: dict[str, dict[str, Case]] = {
    "put_config": {
        "a new name": Case(PUT_CONFIG, {BATCH_GET: 1, TRANSACT: 1}),
        "a next version": Case(UPDATE, {BATCH_GET: 1, TRANSACT: 1}, before=(PUT_CONFIG,)),
        "with an idempotency key": Case(PUT_KEYED, {BATCH_GET: 1, TRANSACT: 1}),
        "repeated": Case(PUT_KEYED, {BATCH_GET: 1}, before=(PUT_KEYED,)),
        "repeated after a later version": Case(PUT_KEYED, {BATCH_GET: 1, GET: 1}, before=(PUT_KEYED, UPDATE)),
        "refused by If-Match": Case(
            Ask("PUT", CONFIG, {"value": 2}, {"If-Match": '"7"'}, status=412), {BATCH_GET: 1}, before=(PUT_CONFIG,)
        ),
        "a large value": Case(PUT_LARGE, {BATCH_GET: 1, "s3:PutObject": 1, TRANSACT: 1}),
        "over a large value": Case(UPDATE, {BATCH_GET: 1, TRANSACT: 1}, before=(PUT_LARGE,)),
        "denied": Case(Ask("PUT", CONFIG, {"value": 2}, role="viewer", status=403), {PUT: 1}),
    },
    "create_config": {
        "a new name": Case(Ask("POST", CONFIG, {"value": 1}, status=201), {BATCH_GET: 1, TRANSACT: 1}),
        "a taken name": Case(Ask("POST", CONFIG, {"value": 1}, status=409), {BATCH_GET: 1}, before=(PUT_CONFIG,)),
    },
    "patch_config": {
        "a value": Case(PATCH_CONFIG, {BATCH_GET: 1, TRANSACT: 1}, before=(PUT_CONFIG,)),
        "a large value": Case(PATCH_CONFIG, {BATCH_GET: 1, "s3:GetObject": 1, TRANSACT: 1}, before=(PUT_LARGE,)),
        "absent": Case(Ask("PATCH", CONFIG, {"a": 1}, MERGE, status=404), {BATCH_GET: 1}),
    },
    "delete_config": {
        "a value": Case(DELETE_CONFIG, {BATCH_GET: 1, TRANSACT: 1}, before=(PUT_CONFIG,)),
        "over a large value": Case(DELETE_CONFIG, {BATCH_GET: 1, TRANSACT: 1}, before=(PUT_LARGE,)),
    },
    "rollback_config": {
        "to a version": Case(
            about("config-rollbacks", UPDATE, version=1),
            {BATCH_GET: 1, GET: 1, TRANSACT: 1},
            before=(PUT_CONFIG, UPDATE),
        ),
        "to the current version": Case(
            about("config-rollbacks", UPDATE, version=1), {BATCH_GET: 1, TRANSACT: 1}, before=(PUT_CONFIG,)
        ),
        "to a time": Case(
            about("config-rollbacks", UPDATE, as_of="2999-01-01T00:00:00Z"),
            {BATCH_GET: 1, TRANSACT: 1},
            before=(PUT_CONFIG, UPDATE),
        ),
    },
    "restore_config": {
        "deleted": Case(
            about("config-restores", UPDATE), {BATCH_GET: 1, GET: 1, TRANSACT: 1}, before=(PUT_CONFIG, DELETE_CONFIG)
        ),
    },
    "batch_configs": {
        "of one": Case(batch("gateway/a"), {BATCH_GET: 1, TRANSACT: 1}),
        "of thirty in eight namespaces": Case(
            batch(*(f"team-{number % 8}/key-{number}" for number in range(30))), {BATCH_GET: 1, TRANSACT: 1}
        ),
    },
    "list_configs": {
        "of a namespace": Case(LIST, {BATCH_GET: 1, QUERY: 1}, before=(PUT_CONFIG,)),
        "of all": Case(LIST_ALL, {BATCH_GET: 1, QUERY: 1}, before=(PUT_CONFIG,)),
    },
    "list_config_versions": {
        "two": Case(
            Ask("GET", VERSIONS.replace("/configs/", "/config-versions/")),
            {BATCH_GET: 1, QUERY: 1},
            before=(PUT_CONFIG, UPDATE),
        ),
    },
    "diff_config": {"two versions": Case(Ask("GET", DIFF), {BATCH_GET: 2}, before=(PUT_CONFIG, UPDATE))},
    "resolve_namespace": {
        "one page": Case(NAMESPACE, {BATCH_GET: 1, QUERY: 1}, before=(PUT_CONFIG,)),
        "with the platform's layer": Case(NAMESPACE, {BATCH_GET: 1, QUERY: 2}, before=(PUT_CONFIG, PUT_PLATFORM)),
        "a namespace that is not there": Case(NAMESPACE, {BATCH_GET: 1}),
    },
    "list_changes": {
        "two changes": Case(
            Ask("GET", "/api/v1/changes?namespace=gateway"), {BATCH_GET: 2, QUERY: 1}, before=(PUT_CONFIG, UPDATE)
        ),
        "nothing new": Case(
            Ask("GET", "/api/v1/changes?namespace=gateway&since=1"), {BATCH_GET: 1}, before=(PUT_CONFIG,)
        ),
        "of all": Case(Ask("GET", "/api/v1/changes"), {BATCH_GET: 2, QUERY: 2}, before=(PUT_CONFIG, UPDATE)),
    },
    "get_config": {
        "the current version": Case(GET_CONFIG, {BATCH_GET: 1}, before=(PUT_CONFIG,)),
        "a version": Case(Ask("GET", f"{CONFIG}&version=1"), {BATCH_GET: 1}, before=(PUT_CONFIG, UPDATE)),
        "absent": Case(Ask("GET", CONFIG, status=404), {BATCH_GET: 1}),
        "a large value": Case(GET_CONFIG, {BATCH_GET: 1, "s3:GetObject": 1}, before=(PUT_LARGE,)),
    },
    "resolve_config": {
        "cold": Case(RESOLVE, {BATCH_GET: 1, QUERY: 1}, before=(PUT_CONFIG,)),
        "with the platform's layer": Case(RESOLVE, {BATCH_GET: 1, QUERY: 2}, before=(PUT_CONFIG, PUT_PLATFORM)),
        "a namespace that is not there": Case(Ask("GET", RESOLVED, status=404), {BATCH_GET: 1}),
        "as it stood three changes ago": Case(
            Ask("GET", f"{RESOLVED}&as_of=1"),
            {BATCH_GET: 1, QUERY: 1, "dynamodb:GetItem": 3},
            before=(PUT_CONFIG, UPDATE, UPDATE, UPDATE),
        ),
        "again, with a revision that memory has": Case(
            Ask("GET", f"{RESOLVED}&min_revision=1"), {}, before=(PUT_CONFIG,), warm=(RESOLVE,)
        ),
        "again, with a revision that memory has not": Case(
            Ask("GET", f"{RESOLVED}&min_revision=2"),
            {BATCH_GET: 1, QUERY: 1},
            before=(PUT_CONFIG,),
            warm=(RESOLVE,),
            meanwhile=(UPDATE,),
        ),
        "again, within the bound": Case(RESOLVE, {}, before=(PUT_CONFIG,), warm=(RESOLVE,)),
        "again, past every cache": Case(
            Ask("GET", RESOLVED, headers={"Cache-Control": "no-cache"}),
            {BATCH_GET: 1, QUERY: 1},
            before=(PUT_CONFIG,),
            warm=(RESOLVE,),
        ),
        "again, after the bound": Case(RESOLVE, {BATCH_GET: 1}, before=(PUT_CONFIG,), warm=(RESOLVE,), later=6),
        "again, after the bound and a write": Case(
            RESOLVE, {BATCH_GET: 1, QUERY: 1}, before=(PUT_CONFIG,), warm=(RESOLVE,), meanwhile=(UPDATE,), later=6
        ),
        "one secret revealed for the first time": Case(
            REVEAL, {BATCH_GET: 2, QUERY: 1, DECRYPT: 1, PUT: 1}, before=(PUT_SECRET, PUT_CONFIG)
        ),
        "one secret revealed again": Case(
            REVEAL, {BATCH_GET: 1, PUT: 1}, before=(PUT_SECRET, PUT_CONFIG), warm=(REVEAL,)
        ),
    },
    "validate_config": {
        "by itself": Case(Ask("POST", VALIDATIONS, {"value": 1}), {GET: 1}),
        "with a schema": Case(Ask("POST", VALIDATIONS, {"value": 1, "schema": {"type": "null"}}), {GET: 1}),
        "denied": Case(Ask("POST", VALIDATIONS, {"value": 1}, role="viewer", status=403), {PUT: 1}),
    },
    "put_secret": {
        "a new name": Case(PUT_SECRET, {BATCH_GET: 1, GENERATE: 1, TRANSACT: 1}),
        "repeated": Case(PUT_SECRET_KEYED, {BATCH_GET: 1}, before=(PUT_SECRET_KEYED,)),
    },
    "create_secret": {
        "a new name": Case(
            Ask("POST", SECRET, {"type": "api_key", "value": "sk-1"}, status=201),
            {BATCH_GET: 1, GENERATE: 1, TRANSACT: 1},
        ),
        "a taken name": Case(
            Ask("POST", SECRET, {"type": "api_key", "value": "sk-1"}, status=409), {BATCH_GET: 1}, before=(PUT_SECRET,)
        ),
    },
    "delete_secret": {"a value": Case(DELETE_SECRET, {BATCH_GET: 1, TRANSACT: 1}, before=(PUT_SECRET,))},
    "restore_secret": {
        "deleted": Case(
            about("secret-restores", PUT_SECRET), {BATCH_GET: 1, TRANSACT: 1}, before=(PUT_SECRET, DELETE_SECRET)
        ),
    },
    "activate_secret": {
        "one that waits": Case(
            about("secret-activations", PUT_SECRET, version=2),
            {BATCH_GET: 1, TRANSACT: 1},
            before=(PUT_SECRET, WAITING),
        ),
        "the one in use": Case(
            about("secret-activations", PUT_SECRET, version=1), {BATCH_GET: 1}, before=(PUT_SECRET,)
        ),
    },
    "revoke_secret": {
        "the one in use": Case(
            about("secret-revocations", PUT_SECRET, version=1), {BATCH_GET: 1, TRANSACT: 1}, before=(PUT_SECRET,)
        ),
    },
    "copy_secret": {
        "the first time": Case(
            about("secret-copies", PUT_SECRET, to=ELSEWHERE, status=201),
            {BATCH_GET: 1, DECRYPT: 1, GENERATE: 1, TRANSACT: 1},
            before=(PUT_SECRET,),
        ),
    },
    "move_secret": {
        "the first time": Case(
            about("secret-moves", PUT_SECRET, to=ELSEWHERE, status=201),
            {BATCH_GET: 1, DECRYPT: 1, GENERATE: 1, TRANSACT: 1},
            before=(PUT_SECRET,),
        ),
        "of nothing": Case(about("secret-moves", PUT_SECRET, to=ELSEWHERE, status=404), {BATCH_GET: 1}),
    },
    "destroy_secret": {
        "one that was in use": Case(
            about("secret-destructions", PUT_SECRET, versions=[1]),
            {BATCH_GET: 1, TRANSACT: 1},
            before=(PUT_SECRET, PUT_SECRET),
        ),
        "a large one": Case(
            about("secret-destructions", PUT_SECRET, versions=[1]),
            {BATCH_GET: 1, TRANSACT: 1, "s3:DeleteObject": 1},
            before=(LARGE_SECRET, PUT_SECRET),
        ),
    },
    "list_secrets": {"of a namespace": Case(SECRETS, {BATCH_GET: 1, QUERY: 1}, before=(PUT_SECRET,))},
    "list_secret_versions": {
        "one": Case(
            Ask("GET", SECRET.replace("/secrets/", "/secret-versions/")), {BATCH_GET: 1, QUERY: 1}, before=(PUT_SECRET,)
        ),
    },
    "get_secret": {
        "the first time": Case(GET_SECRET, {BATCH_GET: 1, DECRYPT: 1, PUT: 1}, before=(PUT_SECRET,)),
        "again": Case(GET_SECRET, {BATCH_GET: 1, PUT: 1}, before=(PUT_SECRET,), warm=(GET_SECRET,)),
        "a version": Case(Ask("GET", f"{SECRET}&version=1"), {BATCH_GET: 1, DECRYPT: 1, PUT: 1}, before=(PUT_SECRET,)),
        "the version in use and the one before it": Case(
            Ask("GET", f"{SECRET}&stage=current,previous"),
            {BATCH_GET: 1, QUERY: 1, DECRYPT: 2, PUT: 1},
            before=(PUT_SECRET, PUT_SECRET),
        ),
        "absent": Case(Ask("GET", SECRET, status=404), {BATCH_GET: 1}),
    },
    "create_tenant": {
        # The one put says who tries to take the name: after a crash its key is found and not made again.
        "a free name": Case(NEW_TENANT, {BATCH_GET: 1, PUT: 1, **NEW_KEY, TRANSACT: 1}),
        "a taken name": Case(
            Ask("POST", "/api/v1/tenants", {"name": "globex"}, by=PLATFORM, role="global-admin", status=409),
            {BATCH_GET: 1},
            before=(NEW_TENANT,),
        ),
    },
    "get_tenant": {
        "one's own": Case(Ask("GET", f"/api/v1/tenants/{ACME}"), {GET: 2}),
        "by the platform": Case(Ask("GET", f"/api/v1/tenants/{ACME}", by=PLATFORM, role="global-admin"), {GET: 1}),
        "by name": Case(Ask("GET", "/api/v1/tenants/acme", by=PLATFORM, role="global-admin"), {GET: 2}),
        "another's": Case(Ask("GET", f"/api/v1/tenants/{PLATFORM}", status=404), {GET: 1, PUT: 1}),
    },
    "whoami": {"anybody": Case(Ask("GET", "/api/v1/whoami"), {GET: 1})},
    "check_live": {"always": Case(Ask("GET", "/health/live"), {})},
    "check_ready": {"always": Case(Ask("GET", "/health/ready"), {GET: 1})},
    "get_openapi": {"always": Case(Ask("GET", "/api/v1/openapi.json"), {})},
    "create_api_key": {
        "a new key": Case(NEW_API_KEY, {BATCH_GET: 1, TRANSACT: 1}),
        "repeated": Case(NEW_API_KEY_KEYED, {BATCH_GET: 2}, before=(NEW_API_KEY_KEYED,)),
        "a role that is not the caller's to give": Case(
            Ask("POST", API_KEYS, {"name": "k", "roles": ["global-admin"]}, status=403), {PUT: 1}
        ),
    },
    "list_api_keys": {"a page": Case(Ask("GET", API_KEYS), {BATCH_GET: 1, QUERY: 1}, before=(NEW_API_KEY,))},
    "get_api_key": {"absent": Case(Ask("GET", f"{API_KEYS}/{ACME}", status=404), {BATCH_GET: 1})},
    "create_service_token": {
        "given": Case(
            Ask("POST", "/api/v1/service-tokens", {"subject": "export", "roles": ["service-account"]}, status=201),
            {GET: 1, "kms:Sign": 1, PUT: 1},
        )
    },
    "put_namespace": {
        "new": Case(NEW_NAMESPACE, {BATCH_GET: 1, TRANSACT: 1}),
        "refused by If-Match": Case(
            Ask("PUT", f"{NAMESPACES}/gateway", {}, {"If-Match": '"7"'}, status=412), {BATCH_GET: 1}
        ),
    },
    "get_namespace": {"there": Case(Ask("GET", f"{NAMESPACES}/gateway"), {BATCH_GET: 1}, before=(PUT_CONFIG,))},
    "list_namespaces": {
        "a page": Case(Ask("GET", NAMESPACES), {BATCH_GET: 1, QUERY: 3}, before=(PUT_CONFIG, NEW_NAMESPACE))
    },
    "delete_namespace": {
        "empty": Case(
            Ask("DELETE", f"{NAMESPACES}/gateway", status=204),
            {BATCH_GET: 1, QUERY: 2, TRANSACT: 1},
            before=(NEW_NAMESPACE,),
        ),
        "that holds something": Case(
            Ask("DELETE", f"{NAMESPACES}/gateway", status=409),
            {BATCH_GET: 1, QUERY: 1},
            before=(PUT_CONFIG, NEW_NAMESPACE),
        ),
        "of which nothing is said": Case(Ask("DELETE", f"{NAMESPACES}/gateway", status=404), {BATCH_GET: 1}),
    },
    "delete_api_key": {"absent": Case(Ask("DELETE", f"{API_KEYS}/{ACME}", status=404), {BATCH_GET: 1})},
}


@pytest.fixture
def kit(tmp_path: Path) -> Iterator[AwsKit]:
    with on_aws(tmp_path) as kit:
        kit.tenant("acme", ACME)
        yield kit


def _asked(container: AwsKit, ask: Ask) -> int:
    token = container.token(ask.by, ask.role)
    return container.call(ask.method, ask.url, ask.body, token=token, headers=ask.headers).status


@pytest.mark.parametrize(
    ("operation", "case"),
    [
        pytest.param(operation, case, id=f"{operation.name}: {words}")
        for operation in OPERATIONS
        for words, case in CASES.get(operation.name, {}).items()
    ],
)
def test_an_operation_asks_exactly_this_of_aws_and_may(kit: AwsKit, operation: Operation, case: Case) -> None:
    for ask in case.before:
        _asked(kit, ask)
    container = kit.another_container()
    for ask in case.warm:
        _asked(container, ask)
    for ask in case.meanwhile:
        _asked(kit, ask)
    kit.clock.step(case.later)
    with kit.account.counted() as calls, watched(kit.account) as asked:
        status = _asked(container, case.ask)
    # A replay is answered as the first time, 201; every other answer is the ask's own.
    assert (status, dict(calls)) == (case.ask.status, case.calls)
    assert not refused(operation, asked), "infra/cdk/llm_config_cdk/grants.py"


def test_a_request_with_an_api_key_reads_one_row_more(kit: AwsKit) -> None:
    made = kit.call("POST", API_KEYS, NEW_API_KEY.body, token=kit.token(ACME, "tenant-admin")).json
    container = kit.another_container()
    for _ in range(2):  # never kept: a revocation holds from the next request on
        with kit.account.counted() as calls:
            assert container.call("GET", "/api/v1/whoami", headers={"x-api-key": made["key"]}).status == 200
        assert calls == {GET: 2}


def test_revoking_an_api_key_is_one_read_and_one_transaction(kit: AwsKit) -> None:
    token = kit.token(ACME, "tenant-admin")
    made = kit.call("POST", API_KEYS, NEW_API_KEY.body, token=token).json
    with kit.account.counted() as calls:
        assert kit.another_container().call("DELETE", f"{API_KEYS}/{made['id']}", token=token).status == 204
    assert calls == {BATCH_GET: 1, TRANSACT: 1}


@pytest.mark.catalog
def test_every_operation_is_in_the_table() -> None:
    missing = {operation.name for operation in OPERATIONS} - set(CASES)
    assert not missing, f"tests/functions/test_aws_calls.py says nothing about {sorted(missing)}"
