"""What each operation asks of AWS: the table that tests/functions/test_aws_calls.py holds the product to."""

from dataclasses import dataclass, replace

from llm_config_domain.names import PLATFORM
from tests.support.asks import (
    ACME,
    API_KEYS,
    CONFIG,
    DELETE_CONFIG,
    DELETE_SECRET,
    DIFF,
    ELSEWHERE,
    GET_CONFIG,
    GET_SECRET,
    LARGE_SECRET,
    LIST,
    LIST_ALL,
    MERGE,
    NAMESPACE,
    NAMESPACES,
    NEW_API_KEY,
    NEW_API_KEY_KEYED,
    NEW_KEY,
    NEW_NAMESPACE,
    NEW_SUBSCRIPTION,
    NEW_TENANT,
    PATCH_CONFIG,
    PUT_CONFIG,
    PUT_KEYED,
    PUT_LARGE,
    PUT_PLATFORM,
    PUT_SECRET,
    PUT_SECRET_KEYED,
    REPORT,
    RESOLVE,
    RESOLVED,
    REVEAL,
    ROTATE,
    SCHEDULE,
    SECRET,
    SECRETS,
    SUBSCRIPTIONS,
    UPDATE,
    USAGE,
    VALIDATIONS,
    VERSIONS,
    WAITING,
    Ask,
    about,
    batch,
)

GET, BATCH_GET, QUERY = "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"
PUT, TRANSACT = "dynamodb:PutItem", "dynamodb:TransactWriteItems"
PUT_EVENTS = "eventbridge:PutEvents"
AUDIT, EVER = "/api/v1/audit", "from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z"
CAUGHT_UP = {GET: 1, QUERY: 11}
"""The tenant; its line, the listings of its namespaces, and two hours of accesses in four shards. The rest is SQL."""
RECEIPT = {"Prefer": "audit-receipt"}
SIGNED = {"kms:Sign": 1, "kms:GetPublicKey": 1}
DECRYPT, GENERATE = "kms:Decrypt", "kms:GenerateDataKey"
START = "sfn:StartExecution"


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
        "with a receipt": Case(replace(PUT_CONFIG, headers=RECEIPT), {BATCH_GET: 1, TRANSACT: 1, **SIGNED}),
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
        "with a receipt": Case(
            replace(GET_CONFIG, headers=RECEIPT), {BATCH_GET: 1, PUT: 1, **SIGNED}, before=(PUT_CONFIG,)
        ),
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
            {BATCH_GET: 1, TRANSACT: 1, "s3:ListObjectVersions": 1, "s3:DeleteObjects": 1},
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
    "start_rotation": {
        "of a secret": Case(
            about("rotations", PUT_SECRET, status=202), {BATCH_GET: 1, TRANSACT: 1, START: 1}, before=(PUT_SECRET,)
        ),
        "of nothing": Case(about("rotations", PUT_SECRET, status=404), {BATCH_GET: 1}),
    },
    "list_rotations": {
        "a page": Case(Ask("GET", "/api/v1/rotations"), {BATCH_GET: 1, QUERY: 1}, before=(PUT_SECRET, ROTATE))
    },
    "get_rotation": {"absent": Case(Ask("GET", f"/api/v1/rotations/{ACME}", status=404), {BATCH_GET: 1})},
    "acknowledge_rotation": {
        "absent": Case(
            Ask("POST", f"/api/v1/rotation-acknowledgements/{ACME}", {"service": "a"}, status=404), {BATCH_GET: 1}
        )
    },
    "abort_rotation": {
        "absent": Case(Ask("POST", f"/api/v1/rotation-aborts/{ACME}", {}, status=404), {BATCH_GET: 1}),
    },
    "resume_rotation": {
        "absent": Case(Ask("POST", f"/api/v1/rotation-resumptions/{ACME}", {}, status=404), {BATCH_GET: 1}),
    },
    "put_rotation_schedule": {
        "the first": Case(SCHEDULE, {BATCH_GET: 1, TRANSACT: 1}, before=(PUT_SECRET,)),
        "over another": Case(SCHEDULE, {BATCH_GET: 1, TRANSACT: 1}, before=(PUT_SECRET, SCHEDULE)),
    },
    "get_rotation_schedule": {
        "there": Case(Ask("GET", SCHEDULE.url), {BATCH_GET: 1}, before=(PUT_SECRET, SCHEDULE)),
    },
    "delete_rotation_schedule": {
        "there": Case(
            Ask("DELETE", SCHEDULE.url, status=204), {BATCH_GET: 1, TRANSACT: 1}, before=(PUT_SECRET, SCHEDULE)
        ),
    },
    "preview_schedule": {
        "any": Case(Ask("POST", "/api/v1/schedule-previews", {"schedule": "90d"}), {}),
    },
    "report_usage": {
        "of a secret that does not rotate": Case(USAGE, {GET: 1, PUT: 2, BATCH_GET: 1}, before=(PUT_SECRET,)),
        "of one that has not been promoted": Case(USAGE, {GET: 1, PUT: 2, BATCH_GET: 2}, before=(PUT_SECRET, ROTATE)),
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
    "create_subscription": {
        "of a tenant without namespaces": Case(
            NEW_SUBSCRIPTION, {BATCH_GET: 2, QUERY: 3, GET: 3, PUT: 1, GENERATE: 1, TRANSACT: 1}
        ),
    },
    "list_subscriptions": {"a page": Case(Ask("GET", SUBSCRIPTIONS), {BATCH_GET: 1, QUERY: 1})},
    "get_subscription": {"absent": Case(Ask("GET", f"{SUBSCRIPTIONS}/{ACME}", status=404), {BATCH_GET: 1})},
    "delete_subscription": {"absent": Case(Ask("DELETE", f"{SUBSCRIPTIONS}/{ACME}", status=404), {BATCH_GET: 1})},
    "replay_subscription": {
        "absent": Case(
            Ask(
                "POST",
                f"/api/v1/subscription-replays/{ACME}",
                {"namespace": "gateway", "from_revision": 1},
                status=404,
            ),
            {BATCH_GET: 1},
        )
    },
    "get_api_key": {"absent": Case(Ask("GET", f"{API_KEYS}/{ACME}", status=404), {BATCH_GET: 1})},
    "list_audit_entries": {"of a tenant without namespaces": Case(Ask("GET", f"{AUDIT}-entries?{EVER}"), CAUGHT_UP)},
    "get_audit_checkpoint": {
        "the first time": Case(Ask("GET", f"{AUDIT}-checkpoints/latest"), {**CAUGHT_UP, **SIGNED, "s3:PutObject": 1}),
        "of a tenant with a namespace": Case(
            Ask("GET", f"{AUDIT}-checkpoints/latest"),
            {**CAUGHT_UP, QUERY: 12, **SIGNED, "s3:PutObject": 1},
            before=(PUT_CONFIG,),
        ),
    },
    "get_audit_proof": {"absent": Case(Ask("GET", f"{AUDIT}-proofs/{ACME}", status=404), CAUGHT_UP)},
    "get_audit_consistency": {"proved": Case(Ask("GET", f"{AUDIT}-consistency?from=1&to=1"), CAUGHT_UP)},
    "verify_audit": {
        "nothing published": Case(
            Ask("POST", f"{AUDIT}-verifications", {"from": "2020-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z"}),
            {**CAUGHT_UP, "s3:ListObjectsV2": 1},
        ),
        "against what was published": Case(
            Ask("POST", f"{AUDIT}-verifications", {"from": "2020-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z"}),
            {**CAUGHT_UP, **SIGNED, "s3:ListObjectsV2": 1, "s3:GetObject": 1},
            before=(Ask("GET", f"{AUDIT}-checkpoints/latest"),),
        ),
    },
    "export_audit": {"all": Case(Ask("GET", f"{AUDIT}-exports?{EVER}"), {**CAUGHT_UP, **SIGNED})},
    "erase_subject": {
        "absent": Case(
            Ask("POST", "/api/v1/subject-erasures", {"subject": "user:nobody"}, status=404), {**CAUGHT_UP, PUT: 2}
        )
    },
    "get_compliance_report": {
        "of a tenant without anything": Case(
            Ask("GET", "/api/v1/compliance-reports?framework=soc2"),
            {**CAUGHT_UP, BATCH_GET: 2, QUERY: 13, **SIGNED, "s3:ListObjectsV2": 1},
        )
    },
    "create_service_token": {
        "given": Case(
            Ask("POST", "/api/v1/service-tokens", {"subject": "export", "roles": ["service-account"]}, status=201),
            {GET: 1, "kms:Sign": 1, PUT: 1},
        )
    },
    "purge_caches": {
        "everything": Case(Ask("POST", "/api/v1/cache-purges", {}), {BATCH_GET: 1, TRANSACT: 1}),
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
    "search_names": {
        "of all": Case(Ask("GET", "/api/v1/search?q=primary"), {GET: 1}, before=(PUT_CONFIG,)),
        "denied": Case(Ask("GET", "/api/v1/search?q=primary", role="service-account", status=403), {PUT: 1}),
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
    "report_fleet": {
        "one instance": Case(REPORT, {BATCH_GET: 1, TRANSACT: 1}),
        "of a namespace that may not be read": Case(replace(REPORT, role="developer", status=403), {PUT: 1}),
    },
    "get_fleet": {
        "of a namespace": Case(
            Ask("GET", "/api/v1/fleet?namespace=gateway"), {BATCH_GET: 2, QUERY: 1}, before=(PUT_CONFIG, REPORT)
        ),
        "of all": Case(Ask("GET", "/api/v1/fleet"), {BATCH_GET: 2, QUERY: 2}, before=(PUT_CONFIG, REPORT)),
    },
    "delete_api_key": {"absent": Case(Ask("DELETE", f"{API_KEYS}/{ACME}", status=404), {BATCH_GET: 1})},
}
