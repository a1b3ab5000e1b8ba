"""The AWS family inside the test's own process, over moto: real adapters, real handlers, botocore's real requests.

moto loses acknowledged writes under threads, so its calls are serialised by one lock; they are counted at the same
place, and it is where a test can make a service fail.
"""

import base64
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from moto import mock_aws
from moto.core.botocore_stubber import BotocoreStubber, MockRawResponse
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.kms.models import kms_backends

from llm_config.adapters.dynamodb.keys import TABLES
from llm_config.adapters.postgres.connection import Database
from llm_config.runtime.aws_family import AwsFamily
from llm_config.runtime.settings import Settings
from llm_config_domain.names import PLATFORM
from llm_config_local.adapters.issuer import LocalIssuer
from tests.support.aws_resources import (
    REGION,
    create_buckets,
    create_edwards_key,
    create_event_bus,
    create_machine,
    create_queue,
    create_signing_key,
    create_table,
)
from tests.support.clocks import SteppedClock
from tests.support.homes import ISSUER, Kit
from tests.support.postgres import drop_database, function_of, new_database, owner_of
from tests.support.quicker_moto import hurry

PREFIX = "llm-config-test-"
BUCKET = "llm-config-test-values"
CHECKPOINTS = "llm-config-test-checkpoints"
AUDIT_FILES = "llm-config-test-audit"
BUS = "llm-config-test"
TOKEN_ISSUER = "https://config.test"
Fault = Callable[[Callable[[], Any]], Any]
"""Stands in the way of one call: may raise, may let it through first (`call()`), may answer itself."""


@cache
def client(service: str) -> Any:
    """One attempt a call, so that what is counted is what was asked for."""
    session: Any = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)
    signed: Any = {"signature_version": "s3v4"} if service == "s3" else {}
    return session.client(service, config=Config(retries={"mode": "standard", "total_max_attempts": 1}, **signed))


class Account:
    """One emulated AWS account: its clients, what was asked of it, and what fails in it."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.faults: dict[str, Fault] = {}
        self.token_key, self.machine, self.exports_queue = "", "", ""
        self.audit_key, self.receipt_key = "", ""
        self._database = ""
        self.connections: list[Database] = []
        self.events: list[dict[str, Any]] = []
        """The entries that its event buses took: moto gives them to no queue without a package more."""

    def client(self, service: str) -> Any:
        return client(service)

    def furnish(self) -> None:
        """Let it hold what a deployment leaves behind."""
        for table in TABLES:
            create_table(PREFIX, table)
        create_buckets((BUCKET, CHECKPOINTS, AUDIT_FILES))
        create_event_bus(BUS)
        self.token_key = create_signing_key("token-key")
        self.machine, self.exports_queue = create_machine("rotate-secret"), create_queue("make_audit_export")
        self.audit_key, self.receipt_key = create_edwards_key("audit-key"), create_edwards_key("receipt-key")

    def executions(self) -> list[str]:
        found = self.client("stepfunctions").list_executions(stateMachineArn=self.machine)["executions"]
        return [one["name"] for one in found]

    def database(self) -> str:
        """The audit's, made at first need."""
        self._database = self._database or new_database()
        return self._database

    def disconnect(self) -> None:
        """What a container does when it ends; the server has room for some dozens."""
        while self.connections:
            self.connections.pop().close()

    def drop_database(self) -> None:
        self.disconnect()
        if self._database:
            drop_database(self._database)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Every row of a table, as only a test may ask for them: out of moto's own memory, for a Scan is forty times as
        slow and ends after a mebibyte."""
        items = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables[PREFIX + table].all_items()
        return [{name: {one.type: _bytes(one)} for name, one in item.attrs.items()} for item in items]

    def answer(self, event_name: str, call: Callable[[], Any]) -> Any:
        operation = event_name.removeprefix("before-send.").replace(".", ":")
        self.calls[operation] += 1
        fault = self.faults.get(operation) or self.faults.get("*")
        return fault(call) if fault else call()

    @contextmanager
    def counted(self) -> Iterator[Counter[str]]:
        """What was asked while the block ran, by `service:operation`."""
        before = Counter(self.calls)
        asked: Counter[str] = Counter()
        yield asked
        asked.update(self.calls - before)


class SteppedAwsFamily(AwsFamily):
    """The AWS family as it is deployed, with a clock that a test moves and tokens that a test can sign."""

    def __init__(self, account: Account, directory: Path, clock: SteppedClock, **told: Any) -> None:
        issuers = json.dumps({ISSUER: "https://unused.test", TOKEN_ISSUER: f"kms:{account.token_key}"})
        told = {"event_bus": BUS, "audit_key": account.audit_key, "checkpoints_bucket": CHECKPOINTS, **told}
        told = {"rotation_machine": account.machine, "audit_bucket": AUDIT_FILES, **told}
        told = {"exports_queue": account.exports_queue, "receipt_key": account.receipt_key, **told}
        super().__init__(lambda: Settings(PREFIX, BUCKET, issuers, TOKEN_ISSUER, **told), account.client)
        self.clock: SteppedClock = clock
        self.account, self.directory = account, directory
        self.tokens = LocalIssuer(directory, ISSUER)

    def database_as(self, user: str) -> Database:
        made = Database(lambda: function_of(self.account.database(), user))
        self.account.connections.append(made)
        return made

    def audit_owner(self) -> Callable[[], str]:
        return lambda: owner_of(self.account.database())

    def _published_at(self, place: str) -> bytes:
        if place.startswith("kms:"):
            return super()._published_at(place)
        return json.dumps({"keys": [self.tokens.jwk()]}).encode()


class AwsKit(Kit):
    """A kit over the AWS family. `account` counts its calls."""

    def __init__(self, family: SteppedAwsFamily) -> None:
        super().__init__(family.tokens, family.factories())
        self.account, self.clock, self._directory = family.account, family.clock, family.directory

    def another_container(self, **told: Any) -> "AwsKit":
        """The same deployment, nothing opened or kept yet; `told` are settings that it has from now on."""
        return AwsKit(SteppedAwsFamily(self.account, self._directory, self.clock, **told))


@contextmanager
def account() -> Iterator[Account]:
    """An empty AWS account with the five tables and the bucket."""
    original, lock = BotocoreStubber.__call__, threading.RLock()
    with mock_aws():
        new = Account()

        def answer(stubber: Any, event_name: str, request: Any, **more: Any) -> Any:
            def served() -> Any:
                made = _refused_by_its_key(event_name, request) or original(stubber, event_name, request, **more)
                if event_name == "before-send.eventbridge.PutEvents":
                    new.events += _taken(request, made)
                return made

            with lock:
                return new.answer(event_name, served)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(BotocoreStubber, "__call__", answer)
            hurry(patch)
            new.furnish()
            try:
                yield new
            finally:
                new.drop_database()


def _bytes(attribute: Any) -> Any:
    held = attribute.value
    return base64.b64decode(held) if attribute.type == "B" and isinstance(held, str) else held


def _taken(request: Any, answer: Any) -> list[dict[str, Any]]:
    told = zip(json.loads(request.body)["Entries"], json.loads(answer.content).get("Entries", []), strict=False)
    return [entry for entry, result in told if "EventId" in result]


def _refused_by_its_key(event_name: str, request: Any) -> Any:
    """moto seals and opens under a key that is disabled or on its way out; KMS does not (Developer Guide, "Key states of
    AWS KMS keys")."""
    if event_name.partition(".")[2] not in ("kms.GenerateDataKey", "kms.Decrypt"):
        return None
    key_id = json.loads(request.body)["KeyId"].rpartition("/")[2]
    state = kms_backends[DEFAULT_ACCOUNT_ID][REGION].keys[key_id].key_state
    if state == "Enabled":
        return None
    kind = "DisabledException" if state == "Disabled" else "KMSInvalidStateException"
    answer = MockRawResponse(json.dumps({"__type": kind, "message": state}).encode())
    headers: Any = {"content-type": "application/x-amz-json-1.1"}
    return AWSResponse(request.url, 400, headers, answer)


@contextmanager
def on_aws(directory: Path) -> Iterator[AwsKit]:
    """The AWS family in an account of its own, with its platform tenant."""
    with account() as new:
        kit = AwsKit(SteppedAwsFamily(new, directory, SteppedClock()))
        kit.tenant("platform", PLATFORM)
        yield kit
