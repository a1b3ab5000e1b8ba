"""IAM's rules, as far as the product's grants use them: is this call allowed? And what a call of boto3 asks of IAM."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.kms.models import kms_backends

from llm_config.adapters.kms.tenant_keys import KeyRules
from llm_config.operations.operation import Row
from llm_config_cdk.grants import GRANTS, Grant
from llm_config_cdk.policies import grants_of
from tests.support.aws import AUDIT_FILES, BUS, CHECKPOINTS, PREFIX, Account
from tests.support.aws_resources import REGION

Context = Mapping[str, Sequence[str]]
Grants = Mapping[str, tuple[Grant, ...]]


@dataclass(frozen=True)
class Call:
    """One action on one resource, named as the grants name it. `context` holds what conditions may ask about."""

    action: str
    resource: str
    context: Context = field(default_factory=dict)


def allowed(call: Call, grants: Iterable[Grant]) -> bool:
    return any(
        call.action in grant.actions
        and call.resource in grant.resources
        and all(
            _OPERATORS[operator](call.context.get(key), _texts(wanted))
            for operator, keys in grant.conditions.items()
            for key, wanted in keys.items()
        )
        for grant in grants
    )


def refused(operation: Row, calls: Iterable[Call], grants: Grants = GRANTS) -> list[str]:
    """The calls that the role of `operation` may not make, each with its name."""
    held = grants_of(operation, grants)
    return [f"{operation.name} asks for {call.action} on {call.resource}" for call in calls if not allowed(call, held)]


def _texts(wanted: str | tuple[str, ...]) -> tuple[str, ...]:
    return (wanted,) if isinstance(wanted, str) else wanted


def _like(value: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(value, pattern) for pattern in patterns)


_OPERATORS: dict[str, Callable[[Sequence[str] | None, Sequence[str]], bool]] = {
    "ForAllValues:StringLike": lambda given, wanted: all(_like(value, wanted) for value in given or ()),
    "ForAllValues:StringEquals": lambda given, wanted: all(value in wanted for value in given or ()),
    "ForAnyValue:StringEquals": lambda given, wanted: any(value in wanted for value in given or ()),
    "StringEquals": lambda given, wanted: given is not None and given[0] in wanted,
    "StringEqualsIfExists": lambda given, wanted: given is None or given[0] in wanted,
    "BoolIfExists": lambda given, wanted: given is None or given[0] in wanted,
    "Null": lambda given, wanted: (given is None) is (wanted[0] == "true"),
}


@contextmanager
def watched(account: Account) -> Iterator[list[Call]]:
    """What the block asks of IAM, in order."""
    asked: list[Call] = []

    def note(params: Mapping[str, Any], model: Any, **_: Any) -> None:
        service = model.service_model.service_name
        asked.extend(_CALLS[service](model.name, params))

    with ExitStack() as stack:
        for service in _CALLS:
            events, event = account.client(service).meta.events, f"provide-client-params.{service}"
            events.register(event, note, unique_id="watched")
            stack.callback(events.unregister, event, unique_id="watched")
        yield asked


def _dynamodb(operation: str, params: Mapping[str, Any]) -> Iterator[Call]:
    match operation:
        case "TransactWriteItems":
            for item in params["TransactItems"]:
                yield _put(item["Put"], {"dynamodb:EnclosingOperation": [operation]})
        case "BatchGetItem":
            for table, asked in params["RequestItems"].items():
                yield Call("dynamodb:BatchGetItem", _table(table), {**_leading(*asked["Keys"]), **_attributes(asked)})
        case "PutItem":
            yield _put(params, {})
        case "Query":
            kind = "listing" if "IndexName" in params else "table"
            yield Call("dynamodb:Query", _table(params["TableName"], kind))
        case _:
            yield Call(f"dynamodb:{operation}", _table(params["TableName"]), _leading(params["Key"]))


def _put(params: Mapping[str, Any], context: Context) -> Call:
    return Call("dynamodb:PutItem", _table(params["TableName"]), {**context, **_leading(params["Item"])})


def _leading(*items: Mapping[str, Any]) -> Context:
    return {"dynamodb:LeadingKeys": [item["pk"]["S"] for item in items]}


def _attributes(asked: Mapping[str, Any]) -> Context:
    """Of a read that names none, all of them are asked for."""
    names = asked.get("ExpressionAttributeNames")
    if names is None:
        return {"dynamodb:Select": ["ALL_ATTRIBUTES"]}
    told = [names[one] for one in asked["ProjectionExpression"].split(", ")]
    return {"dynamodb:Select": ["SPECIFIC_ATTRIBUTES"], "dynamodb:Attributes": told}


def _table(name: str, kind: str = "table") -> str:
    return f"{kind}/{name.removeprefix(PREFIX)}"


def _s3(operation: str, params: Mapping[str, Any]) -> Iterator[Call]:
    match operation:
        case "ListObjectVersions":
            yield Call("s3:ListBucketVersions", "values-bucket")
        case "DeleteObjects":  # each by its version
            yield Call("s3:DeleteObjectVersion", "values")
        case "ListObjectsV2":
            yield Call("s3:ListBucket", "checkpoints-bucket")
        case "HeadObject":
            yield Call("s3:ListBucket", "audit-bucket")
            yield Call("s3:GetObject", _objects(params))
        case _:
            yield Call(f"s3:{operation}", _objects(params))


def _objects(params: Mapping[str, Any]) -> str:
    """As the grants call those that one of these is among."""
    if params["Bucket"] == AUDIT_FILES:
        return f"audit-{params['Key'].partition('/')[0]}"
    return "checkpoints" if params["Bucket"] == CHECKPOINTS else "values"


def _sqs(operation: str, params: Mapping[str, Any]) -> Iterator[Call]:
    yield Call(f"sqs:{operation}", f"queue/{params['QueueUrl'].rpartition('/')[2]}")


def _kms(operation: str, params: Mapping[str, Any]) -> Iterator[Call]:
    bound = {f"kms:EncryptionContext:{key}": [value] for key, value in params.get("EncryptionContext", {}).items()}
    match operation:
        case "CreateKey":
            tags = {tag["TagKey"]: [tag["TagValue"]] for tag in params["Tags"]}
            told = {"kms:KeySpec": [params["KeySpec"]], "kms:KeyUsage": [params["KeyUsage"]]}
            tagged = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
            yield Call("kms:CreateKey", "no-resource", {**told, **tagged})
            yield Call("kms:TagResource", "keys", {"aws:TagKeys": list(tags)})
        case "CreateAlias":
            assert params["AliasName"].startswith(KeyRules().aliases)
            yield Call("kms:CreateAlias", "tenant-aliases")
            yield Call("kms:CreateAlias", "keys")
        case "Sign":
            yield Call("kms:Sign", _signing_key(params), {"kms:SigningAlgorithm": [params["SigningAlgorithm"]]})
        case "GetPublicKey":
            yield Call("kms:GetPublicKey", _signing_key(params))
        case _:
            yield Call(f"kms:{operation}", "keys", bound)


def _signing_key(params: Mapping[str, Any]) -> str:
    return str(kms_backends[DEFAULT_ACCOUNT_ID][REGION].keys[params["KeyId"].rpartition("/")[2]].description)


def _events(operation: str, params: Mapping[str, Any]) -> Iterator[Call]:
    assert {entry["EventBusName"] for entry in params["Entries"]} == {BUS}
    yield Call(f"events:{operation}", "bus")


_CALLS: dict[str, Callable[[str, Mapping[str, Any]], Iterator[Call]]] = {
    "dynamodb": _dynamodb,
    "events": _events,
    "kms": _kms,
    "s3": _s3,
    "sqs": _sqs,
}
