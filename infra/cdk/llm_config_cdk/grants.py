"""What each port may ask of AWS: the only permissions in the repository.

A row says, for one port, exactly the calls of the adapter that stands behind it on AWS. Rows are written in names
(`table/configs`, `token-key`); a `Place` makes ARNs of them. Nothing here knows CDK, so all of it is tested without.

A table is written by PutItem alone and, but for the record of an access, inside a transaction alone: the record of a
change rides in the same one, so no role can change a thing in silence. Nothing may delete or update a row, and nothing
may scan. `dynamodb:LeadingKeys` holds each writer to the partitions that are its own.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from llm_config.operations.needs import RECEIPT, needs_of
from llm_config.operations.operation import Row, Task, Trigger
from llm_config_cdk.places import Place

Conditions = Mapping[str, Mapping[str, str | tuple[str, ...]]]
TENANT_TAG = "llm-config:tenant"


@dataclass(frozen=True, slots=True)
class Grant:
    """Actions on named resources."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: Conditions = field(default_factory=dict)


def _read(*tables: str) -> Grant:
    """Rows by key, alone and together with others."""
    return Grant(("dynamodb:GetItem", "dynamodb:BatchGetItem"), tuple(f"table/{table}" for table in tables))


def _read_together(*tables: str) -> Grant:
    return Grant(("dynamodb:BatchGetItem",), tuple(f"table/{table}" for table in tables))


def _read_alone(*tables: str) -> Grant:
    return Grant(("dynamodb:GetItem",), tuple(f"table/{table}" for table in tables))


def _query(*names: str) -> Grant:
    return Grant(("dynamodb:Query",), names)


def _leading(*keys: str) -> Conditions:
    return {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": keys}}


_IN_A_TRANSACTION: Conditions = {
    "ForAnyValue:StringEquals": {"dynamodb:EnclosingOperation": ("TransactWriteItems",)},
}


def _write(table: str, *leading: str) -> Grant:
    """New rows and rows in the place of others, of these partitions, in transactions only."""
    return Grant(("dynamodb:PutItem",), (f"table/{table}",), {**_IN_A_TRANSACTION, **_leading(*leading)})


def _change_of(*lines: str) -> tuple[Grant, ...]:
    """The record of a change and the promise not to repeat it: they ride in its transaction. The record is read again
    when no answer came, to learn whether the change was made."""
    return (
        _write("journal", *lines),
        _read_alone("journal"),
        _write("counters", "T#*#I#*"),
        _read_together("counters"),
    )


def _large_values(*verbs: str) -> Grant:
    return Grant(tuple(f"s3:{verb}Object" for verb in verbs), ("values",))


_ERASED = (Grant(("s3:ListBucketVersions",), ("values-bucket",)), Grant(("s3:DeleteObjectVersion",), ("values",)))
"""A destroyed value is erased in every version that the bucket kept."""

_TENANT_BOUND: Conditions = {"Null": {"kms:EncryptionContext:tenant": "false"}}
"""Identity policies cannot name keys that are made at run time: which tenant's key opens for which tenant's values, and
to which roles, is said by the key's own policy (`adapters/kms/key_policy.py`)."""

_AUDIT_DATABASE = Grant(("rds-db:connect",), ("audit-database",))
"""Row-level security binds it to one tenant at a time; the role of the database adds leaves and changes none."""

_SHOWN = ("pk", "sk", "version", "record", "mark", "newest", "current", "deleted", "next_rotation_at", "revision")
"""Of a head everything but its value, and where that lies."""
_READ_AS_SHOWN = Grant(
    ("dynamodb:BatchGetItem",),
    ("table/configs", "table/secrets"),
    {
        "ForAllValues:StringEquals": {"dynamodb:Attributes": _SHOWN},
        "StringEqualsIfExists": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"},
    },
)
"""DynamoDB Developer Guide, "Using IAM policy conditions for fine-grained access control"."""

_MARKING = ("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:PutItem")
"""Of marks in the journal: no change of a thing, so they ride in no transaction."""

NOTHING: tuple[Grant, ...] = ()

GRANTS: Mapping[str, tuple[Grant, ...]] = {
    "access_log": NOTHING,  # lines of the function's own log
    "api_key_reader": (_read_together("control"), _query("table/control")),
    "api_key_reader.held": (Grant(("dynamodb:GetItem",), ("table/control",), _leading("APIKEY#*")),),
    "api_key_writer": (
        _read_together("control"),
        _write("control", "APIKEY#*", "T#*#C"),
        *_change_of("T#*#C"),
    ),
    "audit_appender": (_AUDIT_DATABASE,),
    "audit_checkpoints": (
        Grant(("s3:GetObject", "s3:PutObject"), ("checkpoints",)),
        Grant(("s3:ListBucket",), ("checkpoints-bucket",)),
    ),
    "audit_exports": (
        Grant(("s3:GetObject", "s3:PutObject"), ("audit-exports",)),
        Grant(("s3:ListBucket",), ("audit-bucket",)),  # or S3 answers 403 for what is not made yet
        Grant(("sqs:SendMessage",), ("queue/make_audit_export",)),
    ),
    "audit_keeper": (
        Grant(("secretsmanager:GetSecretValue",), ("audit-owner",)),
        Grant(("s3:PutObject",), ("audit-archive",)),
    ),
    "audit_reader": (
        _AUDIT_DATABASE,
        _query("table/journal", "listing/configs", "listing/secrets"),  # what the stream has not delivered yet
    ),
    "audit_signer": (
        Grant(("kms:Sign",), ("audit-key",), {"StringEquals": {"kms:SigningAlgorithm": "ED25519_SHA_512"}}),
        Grant(("kms:GetPublicKey",), ("audit-key",)),
    ),
    "audit_subjects": (_AUDIT_DATABASE,),
    "cache_purger": (_read_together("control"), _write("control", "T#*#C"), *_change_of("T#*#C")),
    "change_feed": (
        _read_together("control", "configs"),
        _query("listing/configs", "table/journal"),
        _large_values("Get"),
    ),
    "change_signal": (_read_together("control", "configs"), _query("listing/configs")),
    "clock": NOTHING,
    "config_reader": (
        _read_together("control", "configs"),
        _read_alone("configs"),
        _query("table/configs", "listing/configs"),
        Grant(("dynamodb:GetItem",), ("table/journal",), _leading("T#*#N#*")),  # when a revision was written
        _large_values("Get"),
    ),
    "config_writer": (
        _read_together("control", "configs"),
        _read_alone("configs"),
        _write("configs", "T#*#N#*"),
        *_change_of("T#*#N#*"),
        _large_values("Get", "Put"),
    ),
    "delivery_states": (Grant(("dynamodb:GetItem", "dynamodb:PutItem"), ("table/counters",), _leading("T#*#W")),),
    "event_bus": (Grant(("events:PutEvents",), ("bus",)),),
    "fleet_reader": (
        _read_together("control"),
        Grant(("dynamodb:Query",), ("table/counters",), _leading("T#*#F")),
    ),
    "fleet_writer": (_read_together("control"), _write("counters", "T#*#F")),
    "health_probe": (_read_alone("control"),),
    "identifiers": NOTHING,
    "issuer_keys": (Grant(("kms:GetPublicKey",), ("token-key",)),),
    "journal": (
        Grant(("dynamodb:PutItem",), ("table/journal",), _leading("T#*#A#*")),
        _read_alone("journal"),
    ),
    "large_values": (_large_values("Get", "Put"), *_ERASED),
    "journal_lines": (
        _read_alone("control"),
        Grant(("dynamodb:Query",), ("table/control",), _leading("TENANTS")),
        _query("table/journal", "listing/configs", "listing/secrets"),
    ),
    "journal_marks": (
        Grant(_MARKING, ("table/counters",), _leading("T#*#M", "SWEEPS")),
        Grant(("dynamodb:Query",), ("table/counters",), _leading("T#*#M")),
    ),
    "journal_marks.move": (Grant(_MARKING[1:], ("table/counters",), _leading("T#*#M")),),
    "key_inspector": NOTHING,
    "layer_cache": NOTHING,  # the container's memory
    "name_index": (Grant(("rds-db:connect",), ("search-database",)),),
    "name_projector": (Grant(("rds-db:connect",), ("names-database",)), _READ_AS_SHOWN),
    "namespace_reader": (
        _read_together("control", "configs", "secrets"),
        _query("table/control", "listing/configs", "listing/secrets"),
    ),
    "namespace_writer": (
        _read_together("control", "configs", "secrets"),
        _query("table/configs", "table/secrets"),
        _write("control", "T#*#C"),
        *_change_of("T#*#C"),
    ),
    "read_numbers": (_AUDIT_DATABASE,),
    "receipt_signer": (
        Grant(("kms:Sign",), ("receipt-key",), {"StringEquals": {"kms:SigningAlgorithm": "ED25519_SHA_512"}}),
        Grant(("kms:GetPublicKey",), ("receipt-key",)),
    ),
    "request_log": NOTHING,  # lines of the function's own log
    "rotation_agenda": (_query("due/secrets"),),
    "rotation_engine": (Grant(("states:StartExecution",), ("rotations",)),),
    "rotation_reader": (
        _read_together("control", "secrets"),
        _query("table/secrets"),
        _large_values("Get"),
    ),
    "rotation_target": (  # the secrets that a target's options name; it logs in elsewhere with what they hold
        _read_together("control", "secrets"),
        _query("table/secrets"),
        _large_values("Get"),
        Grant(("kms:Decrypt",), ("keys",), _TENANT_BOUND),
        _read_alone("control"),
    ),
    "rotation_writer": (
        _read_together("control", "secrets"),
        _write("secrets", "T#*#N#*", "T#*#R"),
        *_change_of("T#*#S#*"),
        _large_values("Put"),
    ),
    "schema_checker": NOTHING,
    "sealer": (
        Grant(("kms:GenerateDataKey",), ("keys",), _TENANT_BOUND),
        _read_alone("control"),
    ),
    "secret_expiries": (
        _query("due/secrets"),
        _read_together("control", "secrets"),
        _write("secrets", "T#*#N#*"),
        _write("journal", "T#*#S#*"),
        _read_alone("journal"),
    ),
    "secret_generator": NOTHING,
    "secret_reader": (
        _read_together("control", "secrets"),
        _query("table/secrets", "listing/secrets"),
        _large_values("Get"),
    ),
    "secret_transfers": (
        _read_together("control", "secrets"),
        _read_alone("secrets"),
        _write("secrets", "T#*#N#*"),
        *_change_of("T#*#S#*"),
        _large_values("Get", "Put"),
    ),
    "secret_writer": (
        _read_together("control", "secrets"),
        _read_alone("secrets"),
        _write("secrets", "T#*#N#*"),
        *_change_of("T#*#S#*"),
        _large_values("Put"),
        *_ERASED,
    ),
    "subscription_reader": (_read_together("control"), _query("table/control")),
    "subscription_writer": (
        _read_together("control"),
        _write("control", "T#*#C", "SUBSCRIPTIONS"),
        *_change_of("T#*#C"),
    ),
    "shared_layers": (Grant(("elasticache:Connect",), ("shared-cache", "shared-cache-user")),),
    "tenant_keys": (  # of `create`: what puts keys out of use comes with the operations that do it
        Grant(
            ("kms:CreateKey",),
            ("no-resource",),
            {
                "StringEquals": {"kms:KeySpec": "SYMMETRIC_DEFAULT", "kms:KeyUsage": "ENCRYPT_DECRYPT"},
                "Null": {f"aws:RequestTag/{TENANT_TAG}": "false"},
            },
        ),
        Grant(("kms:TagResource",), ("keys",), {"ForAllValues:StringEquals": {"aws:TagKeys": (TENANT_TAG,)}}),
        Grant(("kms:CreateAlias",), ("tenant-aliases", "keys")),
        Grant(("kms:DescribeKey", "kms:EnableKeyRotation"), ("keys",)),
        # Only a key that lost the race for its alias: no key that a tenant uses is without one.
        Grant(
            ("kms:ScheduleKeyDeletion",),
            ("keys",),
            {"Null": {"kms:ResourceAliases": "true", f"aws:ResourceTag/{TENANT_TAG}": "false"}},
        ),
    ),
    "tenant_reader": (_read_alone("control"),),
    "tenant_writer": (
        _read("control"),
        Grant(("dynamodb:PutItem",), ("table/control",), _leading("NAME#*")),  # the attempt, before the tenant's key
        _write("control", "NAME#*", "T#*#C", "TENANTS"),
        *_change_of("T#*#C"),
    ),
    "token_signer": (
        Grant(("kms:Sign",), ("token-key",), {"StringEquals": {"kms:SigningAlgorithm": "ECDSA_SHA_256"}}),
    ),
    "unsealer": (
        Grant(("kms:Decrypt",), ("keys",), _TENANT_BOUND),
        _read_alone("control"),
    ),
    "usage_reader": (Grant(("dynamodb:Query",), ("table/counters",), _leading("T#*#U#*")),),
    "usage_writer": (Grant(("dynamodb:GetItem", "dynamodb:PutItem"), ("table/counters",), _leading("T#*#U#*")),),
    "verified_tokens": NOTHING,  # the container's memory
    "witnesses": NOTHING,  # others' servers, over HTTPS
    "watcher_lines": (Grant(("execute-api:ManageConnections",), ("watch-connections",)),),
    "watchers": (
        Grant(_MARKING[:1] + _MARKING[2:], ("table/counters",), _leading("T#*#K", "CONNECTION#*", "WATCHING")),
        Grant(("dynamodb:Query",), ("table/counters",), _leading("T#*#K", "WATCHING")),
    ),
    "webhook_sender": NOTHING,  # it asks the world, not AWS
}

_READING_A_STREAM = Grant(
    ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"),
    ("stream/journal",),
)
QUEUED = frozenset({Trigger.QUEUE, Trigger.SCHEDULE, Trigger.TICK})
"""What brings a task its requests, or its times, by a queue of its own."""
CHANGES: Mapping[str, str] = {"deliver_changes": "changes", "push_changes": "watched", "project_names": "named"}
"""Task -> the queue of what was published and is told to subscribers, to watchers, or to the index of names."""
DAYS = "days"
"""The queue of days that have come, for the one task that keeps the audit's database."""
SAMPLING = ("xray:GetSamplingRules", "xray:GetSamplingTargets")
DELIVERING_A_LOG = (
    *(f"logs:{verb}LogDelivery" for verb in ("Create", "Get", "Update", "Delete")),
    *("logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups"),
)
_READING_A_QUEUE = ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")


def of_trigger(row: Row) -> tuple[Grant, ...]:
    """What Lambda does with the function's own role to bring it its batches, and to put aside what failed for good."""
    if isinstance(row, Task) and row.trigger is Trigger.STREAM:
        return (_READING_A_STREAM, Grant(("sqs:SendMessage",), (f"queue/{failed(row.name)}",)))
    if isinstance(row, Task) and row.trigger in QUEUED:
        return (Grant(_READING_A_QUEUE, (f"queue/{row.name}",)),)
    if isinstance(row, Task) and row.trigger is Trigger.LOGS:
        return (Grant((*_READING_A_QUEUE, "sqs:SendMessage"), (f"queue/{row.name}",)),)
    if isinstance(row, Task) and row.trigger is Trigger.CHANGES:
        return (Grant(_READING_A_QUEUE, (f"queue/{CHANGES[row.name]}",)),)
    if isinstance(row, Task) and row.trigger is Trigger.UPKEEP:
        return (Grant(_READING_A_QUEUE, (f"queue/{DAYS}",)),)
    return NOTHING


def of_state_machine(steps: Iterable[Task]) -> tuple[Grant, ...]:
    """What the engine of rotations may do: call the functions of its steps, and tell what it did (Step Functions
    Developer Guide, "Using CloudWatch Logs to log execution history"; these actions on logs know no resource)."""
    return (
        Grant(("lambda:InvokeFunction",), tuple(f"live/{step.name}" for step in steps)),
        Grant((*TRACES.actions, *SAMPLING), ("no-resource",)),
        Grant(DELIVERING_A_LOG, ("no-resource",)),
    )


def prints_accesses(row: Row) -> bool:
    """Does the function of `row` print lines that carry accesses: reads, refusals, log-ins that failed?"""
    return "access_log" in needs_of(row)


def failed(task: str) -> str:
    """The queue of what a task did not manage."""
    return f"{task}-failed"


TRACES = Grant(("xray:PutTraceSegments", "xray:PutTelemetryRecords"), ("no-resource",))
"""These two actions take no resource."""

KEEPING_LOGS = Grant(
    (
        *("logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams"),
        *("logs:FilterLogEvents", "logs:GetLogEvents", "logs:PutLogEvents"),
    ),
    ("no-resource",),
)
"""Of API Gateway itself, for all WebSocket APIs of an account (API Gateway Developer Guide, "Set up CloudWatch logging for
WebSocket APIs"): what AmazonAPIGatewayPushToCloudWatchLogs allows, without which the setting is refused."""

KEY_ADMINISTRATION = Grant(("kms:DescribeKey", "kms:GetKeyPolicy", "kms:PutKeyPolicy"), ("keys",))
"""Of people, for the day when the policies of tenants' keys have to change."""


INSIDE = Grant(
    ("ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces"), ("no-resource",)
)
"""Of Lambda itself, for a function that stands in the network: it makes its interfaces there with the function's role
(Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC")."""
AUDIT = frozenset(
    {
        *("audit_appender", "audit_keeper", "audit_reader", "audit_subjects", "read_numbers"),
        *("name_index", "name_projector"),
    }
)
CACHE = frozenset({"shared_layers"})
"""Ports that reach what stands in the network alone: the audit's database (where the index of names is too), the shared
cache."""
TARGETS = frozenset({"rotation_target"})
"""The port that reaches what may stand in a network of whoever deploys."""


def asks_the_audit(row: Row) -> bool:
    return not AUDIT.isdisjoint(row.ports)


def asks_a_target(row: Row) -> bool:
    return not TARGETS.isdisjoint(row.ports)


def stands_inside(row: Row, *, shared_cache: bool) -> bool:
    return asks_the_audit(row) or (shared_cache and not CACHE.isdisjoint(row.ports))


def grants_of(
    row: Row,
    grants: Mapping[str, tuple[Grant, ...]] = GRANTS,
    *,
    shared_cache: bool = True,
    target_network: bool = False,
    receipts: bool = True,
) -> tuple[Grant, ...]:
    """All that the function of `row` may do. Raises KeyError, naming the port, for one that has no row here."""
    own_log = Grant(("logs:CreateLogStream", "logs:PutLogEvents"), (f"log-group/{row.name}",))
    needs = needs_of(row) - (frozenset() if shared_cache else CACHE) - (frozenset() if receipts else RECEIPT)
    of_ports = (grant for need in sorted(needs) for grant in grants[need])
    at_targets = target_network and asks_a_target(row)
    inside = (INSIDE,) if at_targets or stands_inside(row, shared_cache=shared_cache) else ()
    return merged((own_log, TRACES, *inside, *of_trigger(row), *of_ports))


def merged(grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """The same permissions in fewer statements: what is said of the same resources under the same conditions is said once."""
    actions: dict[str, list[str]] = {}
    kept: dict[str, Grant] = {}
    for grant in grants:
        for resource in grant.resources:
            key = json.dumps([resource, grant.conditions], sort_keys=True)
            kept[key] = Grant((), (resource,), grant.conditions)
            actions.setdefault(key, []).extend(action for action in grant.actions if action not in actions.get(key, []))
    return tuple(Grant(tuple(sorted(actions[key])), grant.resources, grant.conditions) for key, grant in kept.items())


def statements(row: Row, place: Place, grants: Mapping[str, tuple[Grant, ...]] = GRANTS) -> list[dict[str, Any]]:
    """The identity policy of a function's role, as IAM reads it."""
    told = grants_of(
        row,
        grants,
        shared_cache=place.shared_cache,
        target_network=place.target_network,
        receipts=bool(place.receipt_key_arn),
    )
    return [statement(grant, place) for grant in told]


def statement(grant: Grant, place: Place) -> dict[str, Any]:
    told: dict[str, Any] = {
        "Effect": "Allow",
        "Action": list(grant.actions),
        "Resource": [place.arn(name) for name in grant.resources],
    }
    if grant.conditions:
        told["Condition"] = {
            operator: {key: list(value) if isinstance(value, tuple) else value for key, value in keys.items()}
            for operator, keys in grant.conditions.items()
        }
    return told


def role_path(row: Row, place: Place) -> str:
    """A role's path never changes, so the tenants' keys can tell by it who seals and who unseals."""
    needs = needs_of(row)
    uses = [word for port, word in (("sealer", "seals"), ("unsealer", "unseals")) if port in needs]
    return "/".join(["", place.prefix, *uses, ""])


def key_roles(place: Place) -> tuple[list[str], list[str]]:
    """(who seals, who unseals), as the policies of tenants' keys name them: by path, whatever roles there will be."""
    return [place.role("seals/*")], [place.role("unseals/*"), place.role("seals/unseals/*")]
