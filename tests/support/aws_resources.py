"""What an emulated account holds from its beginning. It is put into moto by hand: asked for by botocore's requests it takes
longer than most of the tests that need it."""

import json
from collections.abc import Iterable
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.events.models import events_backends
from moto.kms.models import Key, kms_backends
from moto.s3.models import s3_backends
from moto.sqs.models import sqs_backends
from moto.stepfunctions.models import stepfunctions_backends

from llm_config.adapters.dynamodb.keys import DUE, DUE_ATTRIBUTES, LISTED_ATTRIBUTES, LISTED_TABLES, LISTING

REGION = "us-east-1"
_LISTING = {
    "IndexName": LISTING,
    "KeySchema": [{"AttributeName": "listing", "KeyType": "HASH"}, {"AttributeName": "listed", "KeyType": "RANGE"}],
    "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": list(LISTED_ATTRIBUTES)},
}
_DUE = {
    "IndexName": DUE,
    "KeySchema": [{"AttributeName": "due", "KeyType": "HASH"}, {"AttributeName": "due_at", "KeyType": "RANGE"}],
    "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": list(DUE_ATTRIBUTES)},
}


def create_table(prefix: str, table: str) -> None:
    """One of the product's tables, with its indexes."""
    found = [*([_LISTING] if table in LISTED_TABLES else ()), *([_DUE] if table == "secrets" else ())]
    indexed = [part["AttributeName"] for index in found for part in index["KeySchema"]]
    dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].create_table(
        prefix + table,
        schema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        throughput=None,
        attr=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", *indexed)],
        global_indexes=[dict(index) for index in found],
        indexes=[],
        streams=None,
        billing_mode="PAY_PER_REQUEST",
        sse_specification=None,
        tags=[],
        deletion_protection_enabled=False,
        warm_throughput=None,
    )


def create_buckets(names: Iterable[str]) -> None:
    for name in names:
        s3_backends[DEFAULT_ACCOUNT_ID]["aws"].create_bucket(name, REGION)


def create_event_bus(name: str) -> None:
    events_backends[DEFAULT_ACCOUNT_ID][REGION].create_event_bus(name)


def create_queue(name: str) -> str:
    """Its address."""
    sqs_backends[DEFAULT_ACCOUNT_ID][REGION].create_queue(name)
    return f"https://sqs.{REGION}.amazonaws.com/{DEFAULT_ACCOUNT_ID}/{name}"


def create_machine(name: str) -> str:
    """The ARN of a state machine that only remembers its executions."""
    definition = {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}
    made = stepfunctions_backends[DEFAULT_ACCOUNT_ID][REGION].create_state_machine(
        name=name, definition=json.dumps(definition), roleArn="arn:aws:iam::123456789012:role/rotation"
    )
    return str(made.arn)


def create_signing_key(name: str) -> str:
    """The ARN of a key that signs on the curve P-256. It is described by `name`, which is what the grants call it."""
    return str(_signing_key(name).arn)


def create_edwards_key(name: str) -> str:
    """The same on the curve Ed25519."""
    made: Any = _signing_key(name)
    made.__class__, made.private_key = _EdwardsKey, _EdwardsPrivateKey()
    return str(made.arn)


def _signing_key(name: str) -> Key:
    return kms_backends[DEFAULT_ACCOUNT_ID][REGION].create_key(None, "SIGN_VERIFY", "ECC_NIST_P256", name, None)


class _EdwardsPrivateKey:
    """moto has no Ed25519 yet; KMS has (API reference, "Sign")."""

    def __init__(self) -> None:
        self._key = Ed25519PrivateKey.generate()

    def sign(self, message: bytes, algorithm: str) -> bytes:
        return self._key.sign(message)

    def public_key(self) -> bytes:
        return self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


class _EdwardsKey(Key):
    @property
    def signing_algorithms(self) -> list[str]:
        return ["ED25519_SHA_512"]
