"""What may hold a canary: operation x place x sink. What is not written here may hold nothing.

Each place has two lists of sinks: where it may turn up when the request succeeded, and where when it did not. Of a
request that failed on its way (500, 503) both may hold, but for the answer: its effect may have happened.

`answer` and `header` are those of a success, `error` is every byte of a refusal, `request` is the request's line in the
log, `metrics` is what CloudWatch takes out of it, `access` is the part of it that says who read what, `traces` is what a
collector is sent, `event` is the CloudEvent of a journal entry, `shown` is repr and text of the request and of what was
raised, `elsewhere` is the environment and temporary files.
"""

from dataclasses import dataclass

SINKS = (
    *(
        "answer",
        "header",
        "error",
        "log",
        "request",
        "metrics",
        "traces",
        "access",
        "journal",
        "event",
        "store",
        "shown",
    ),
    "elsewhere",
)


@dataclass(frozen=True)
class Allowance:
    succeeded: frozenset[str]
    refused: frozenset[str]

    def of(self, status: int) -> frozenset[str]:
        if status >= 500:
            return (self.succeeded | self.refused) - {"answer", "header"}
        return self.refused if status >= 400 else self.succeeded


def _may(succeeded: str, refused: str = "") -> Allowance:
    return Allowance(frozenset(succeeded.split()), frozenset(refused.split()))


_NOWHERE = _may("")
_RECORD = "access journal store"
_NAME = _may(f"answer header event shown {_RECORD}", f"event shown {_RECORD}")
"""A name is what records, events and addresses are about."""
_NAME_READ = _may(f"answer event shown {_RECORD}", f"event shown {_RECORD}")
_OWN = _may("answer shown store", "shown")
"""A config's own value, and tags: no secrets, as callers are told."""
_REASON = _may(f"answer shown {_RECORD}", "shown")
_TOLD = _may("shown", "shown")
"""It is read, and goes nowhere."""
_POINTED_AT = _may("answer shown", "shown")
"""A member's name is in the pointer to what is wrong with it."""

_IDENTITY = {
    "token subject": _may(f"answer event shown {_RECORD}", f"event shown {_RECORD}"),
    "token roles": _may(f"answer shown {_RECORD}", f"shown {_RECORD}"),
    "token attribute": _TOLD,
}
"""The subject signs what it wrote, and both stand in the record; who gives out tokens puts no secrets there."""
_WRITTEN = {
    "body reason": _REASON,
    "body tags value": _OWN,
    "body tags name": _OWN,
    "header idempotency-key": _may("shown store", "shown"),
    "header if-match": _TOLD,
    "header if-none-match": _TOLD,
    "path path": _NAME,
    **_IDENTITY,
}
_CHANGED = {
    "header idempotency-key": _may("shown store", "shown"),
    "header if-match": _TOLD,
    "header if-none-match": _TOLD,
    "path path": _NAME,
    **_IDENTITY,
}
_MOVED = {**_CHANGED, "body reason": _REASON}
_TRANSFERRED = {**_MOVED, "body to path": _NAME}
_SCOPE = {
    "query namespace": _may(f"event shown {_RECORD}", f"event shown {_RECORD}"),
    **_IDENTITY,
}
_LIST = {**_SCOPE, "query cursor": _TOLD}
_ROTATION = {"path id": _TOLD, **_IDENTITY}
_RECORDED_NAME = _may(f"shown {_RECORD}", "shown")
_SHAPES = ("text", "object", "key", "int", "nested", "large", "too large", "beside $secret")

ALLOWED: dict[str, dict[str, Allowance]] = {
    "put_config": {
        **_WRITTEN,
        **{f"body value {shape}": _OWN for shape in _SHAPES},
        "body value inside $secret": _TOLD,
    },
    "get_config": {"path path": _NAME_READ, **_IDENTITY},
    "resolve_config": {
        "path path": _NAME_READ,
        "header cache-control": _TOLD,
        "stored secret revealed": _may("answer"),
        **_IDENTITY,
    },
    "validate_config": {
        "path path": _NAME_READ,
        **{f"body value {shape}": _TOLD for shape in _SHAPES},
        "body value key": _POINTED_AT,
        "body value inside $secret": _TOLD,
        "body schema": _TOLD,
        "body schema misshapen": _TOLD,
        **_IDENTITY,
    },
    "create_config": {
        **_WRITTEN,
        **{f"body value {shape}": _OWN for shape in _SHAPES},
        "body value inside $secret": _TOLD,
    },
    "patch_config": {
        **_CHANGED,
        "query reason": _REASON,
        **{f"{kind} {what}": _OWN for kind in ("json-patch", "merge-patch") for what in ("value", "place")},
        **{f"{kind} inside $secret": _TOLD for kind in ("json-patch", "merge-patch")},
        "json-patch misshapen": _TOLD,
        # Whatever it is, it is a merge patch.
        **{f"body {what}": _OWN for what in ("later value", "not an object", "unknown name", "unknown value")},
        "merge-patch misshapen": _OWN,
    },
    "delete_config": {**_CHANGED, "query reason": _REASON},
    "rollback_config": _MOVED,
    "restore_config": _MOVED,
    "batch_configs": {
        **_IDENTITY,
        "body reason": _REASON,
        "header idempotency-key": _may("shown store", "shown"),
        "operation path": _may(f"event shown {_RECORD}", f"event shown {_RECORD}"),
        "operation reason": _REASON,
        "operation tags value": _OWN,
        "operation if_match": _TOLD,
        **{f"operation value {shape}": _OWN for shape in ("text", "key")},
        "operation value inside $secret": _TOLD,
    },
    "list_configs": {**_LIST, "query tag": _TOLD, "query q": _TOLD},
    "resolve_namespace": _LIST,
    "list_changes": {**_SCOPE, "query since": _TOLD},
    "list_config_versions": {"path path": _NAME_READ, "query cursor": _TOLD, **_IDENTITY},
    "diff_config": {"path path": _NAME_READ, **_IDENTITY},
    "put_secret": {**_WRITTEN, "body rotation": _TOLD},
    "create_secret": {**_WRITTEN, "body rotation": _TOLD},
    "delete_secret": {**_CHANGED, "query reason": _REASON},
    "restore_secret": _MOVED,
    "activate_secret": _MOVED,
    "revoke_secret": _MOVED,
    "destroy_secret": _MOVED,
    "copy_secret": _TRANSFERRED,
    "move_secret": _TRANSFERRED,
    "list_secrets": _LIST,
    "list_secret_versions": {"path path": _NAME_READ, "query cursor": _TOLD, **_IDENTITY},
    "get_secret": {
        "path path": _NAME_READ,
        "stored secret": _may("answer"),
        **_IDENTITY,
    },
    "start_rotation": {
        "path path": _NAME,
        "body comment": _REASON,
        "header idempotency-key": _may("shown store", "shown"),
        **_IDENTITY,
    },
    "list_rotations": {
        "query secret": _may(f"event shown {_RECORD}", f"event shown {_RECORD}"),
        "query cursor": _TOLD,
        **_IDENTITY,
    },
    "get_rotation": _ROTATION,
    "acknowledge_rotation": {
        "body service": _may(f"answer shown {_RECORD}", "shown"),
        "header idempotency-key": _may("shown store", "shown"),
        **_ROTATION,
    },
    "abort_rotation": {
        "body reason": _may(f"shown {_RECORD}", "shown"),
        "header idempotency-key": _may("shown store", "shown"),
        **_ROTATION,
    },
    "resume_rotation": {
        "body reason": _may(f"shown {_RECORD}", "shown"),
        "header idempotency-key": _may("shown store", "shown"),
        **_ROTATION,
    },
    "put_rotation_schedule": {
        "path path": _NAME,
        "body reason": _may(f"shown {_RECORD}", "shown"),
        "body target": _TOLD,
        "body schedule": _TOLD,
        "body timezone": _TOLD,
        "header idempotency-key": _may("shown store", "shown"),
        **_IDENTITY,
    },
    "get_rotation_schedule": {"path path": _NAME_READ, **_IDENTITY},
    "delete_rotation_schedule": {
        "path path": _NAME,
        "header idempotency-key": _may("shown store", "shown"),
        **_IDENTITY,
    },
    "preview_schedule": {"body schedule": _TOLD, "body timezone": _TOLD, **_IDENTITY},
    "report_usage": {"body service": _may("shown store", "shown"), **_IDENTITY},
    "create_tenant": {
        "body name": _may("answer shown journal store", "shown"),
        "header idempotency-key": _may("shown store", "shown"),
        **_IDENTITY,
    },
    "get_tenant": {"path id": _NAME_READ, **_IDENTITY},
    "whoami": _IDENTITY,
    "check_live": {},
    "check_ready": {},
    "get_openapi": {},
    "create_api_key": {
        "body name": _may("answer shown journal store", "shown"),
        "header idempotency-key": _may("shown store", "shown"),
        **_IDENTITY,
    },
    "list_api_keys": {"query cursor": _TOLD, **_IDENTITY},
    "get_api_key": {"path id": _NAME_READ, **_IDENTITY},
    "create_subscription": {
        "body url": _may("answer shown store", "shown"),
        "body description": _may("answer shown store", "shown"),
        "header idempotency-key": _may("shown store", "shown"),
        **_IDENTITY,
    },
    "list_subscriptions": {"query cursor": _TOLD, **_IDENTITY},
    "get_subscription": {"path id": _NAME_READ, **_IDENTITY},
    "delete_subscription": {
        "path id": _NAME,
        "header idempotency-key": _may("shown store", "shown"),
        **_IDENTITY,
    },
    "replay_subscription": {"path id": _NAME, "body namespace": _may(f"answer shown {_RECORD}", "shown"), **_IDENTITY},
    "list_audit_entries": {
        "query actor": _TOLD,
        "query event_type": _TOLD,
        "query namespace": _TOLD,
        "query cursor": _TOLD,
        **_IDENTITY,
    },
    "get_audit_checkpoint": _IDENTITY,
    "get_audit_proof": {"header audit-receipt": _TOLD, **_IDENTITY},
    "get_audit_consistency": _IDENTITY,
    "verify_audit": _IDENTITY,
    "export_audit": _IDENTITY,
    "erase_subject": {"body subject": _TOLD, **_IDENTITY},
    "purge_caches": {
        "body reason": _may(f"shown {_RECORD}", "shown"),
        "header idempotency-key": _may("shown store", "shown"),
        **_IDENTITY,
    },
    "get_compliance_report": {"query namespace": _may("answer shown", "shown"), **_IDENTITY},
    "create_service_token": {
        "body subject": _may(f"answer shown {_RECORD}", "shown"),
        **_IDENTITY,
    },
    "report_fleet": {
        "body service": _RECORDED_NAME,
        "body instance": _RECORDED_NAME,
        "item namespace": _may(f"shown {_RECORD}", f"event shown {_RECORD}"),
        "item secret path": _may("shown store", "shown"),
        **_IDENTITY,
    },
    "get_fleet": {**_LIST, "query cursor": _TOLD},
    "put_namespace": {
        "path namespace": _NAME,
        "body description": _OWN,
        "body owner_team": _OWN,
        "body reason": _may(f"shown {_RECORD}", "shown"),
        "body tags value": _OWN,
        "body tags name": _OWN,
        "header idempotency-key": _may("shown store", "shown"),
        "header if-match": _TOLD,
        "header if-none-match": _TOLD,
        **_IDENTITY,
    },
    "get_namespace": {"path namespace": _NAME_READ, **_IDENTITY},
    "delete_namespace": {
        "path namespace": _NAME,
        "query reason": _may(f"shown {_RECORD}", "shown"),
        "header idempotency-key": _may("shown store", "shown"),
        "header if-match": _TOLD,
        "header if-none-match": _TOLD,
        **_IDENTITY,
    },
    "search_names": {**_LIST, "query tag": _TOLD, "query q": _TOLD},
    "list_namespaces": {"query cursor": _TOLD, **_IDENTITY},
    "delete_api_key": {
        "path id": _NAME,
        "header idempotency-key": _may("shown store", "shown"),
        **_IDENTITY,
    },
}


def allowance(operation: str, place: str) -> Allowance:
    """Raises AssertionError, naming the operation, when nobody has decided."""
    assert operation in ALLOWED, f"{operation} has no row in the table of allowances: tests/taint/allowances.py"
    return ALLOWED[operation].get(place, _NOWHERE)
