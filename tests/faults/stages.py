"""One golden request on a home that fails: set up once, put back after each point, looked into afterwards.

A stage knows the request, what was acknowledged before it, and how the store looked then. The two kinds of stage are
the two families; what a net asserts is the same on both.
"""

import copy
import json
import shutil
import sqlite3
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from llm_config.operations.catalog import OPERATIONS
from llm_config.operations.operation import Recorded
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import PLATFORM, TenantId
from llm_config_local.adapters.faulty import Faults
from llm_config_local.adapters.issuer import LocalIssuer
from llm_config_local.family import EmbeddedFamily
from llm_config_local.home import signed_token
from tests.faults.invariants import check_directory
from tests.faults.objects import check_objects, forget_objects, objects
from tests.faults.readback import check_readable
from tests.faults.tables import check_tables
from tests.support.aws import Account, SteppedAwsFamily, account
from tests.support.aws_resources import REGION
from tests.support.clocks import SteppedClock
from tests.support.exemplars import Exemplar
from tests.support.golden import EVENTS, made_by
from tests.support.homes import ISSUER, Kit, Reply
from tests.support.nets import EVERY_OTHER, IN_TURN

KEY = {"idempotency-key": "the-same-key"}
CHANGING = {row.name: row.recorded is Recorded.WITH_CHANGE for row in OPERATIONS}

ENTRIES = {"move_secret": 2}
"""How many entries one change has, where it has more than one: a move is on record at both names."""

_ONCE = {"key": "llmc_", "secret": "whsec_"}
"""Members that are shown once, and how they begin."""


def effects_of(scene: Exemplar) -> int:
    """How many changes a golden request makes, all of them or none."""
    if not CHANGING[scene.operation] or scene.status >= 300:
        return 0
    told = json.loads((EVENTS / scene.operation / f"{scene.case}.reply.json").read_text())["body"]
    if "results" not in told:
        return ENTRIES.get(scene.operation, 1)
    return 0 if told["dry_run"] else sum(result["status"] < 300 for result in told["results"])


def lasting(reply: Reply) -> Any:
    """What an answer tells again when its request is repeated: all of it, but a key that is shown once."""
    told = json.loads(reply.text) if reply.text else None
    if not isinstance(told, dict):
        return told
    return {**told, **{name: None for name, mark in _ONCE.items() if str(told.get(name)).startswith(mark)}}


class Stage(ABC):
    """`directory` holds the keys of the issuer, so a token outlives the home that it was made for."""

    def __init__(self, directory: Path, scene: Exemplar) -> None:
        self.directory, self.scene = directory, scene
        self.effects = effects_of(scene)
        self.discloses = 0
        """How many secrets the answer carries: told by the run that counts."""
        self._acknowledged: list[tuple[Exemplar, Reply]] = []
        self._made = ""
        directory.mkdir()
        self._tokens = LocalIssuer(directory, ISSUER)
        with self.opened(Faults()) as kit:
            kit.tenant("platform", PLATFORM)
            self.acme = kit.tenant("acme")
            for given in scene.given:
                reply = self.send(kit, given, {})
                self._made = made_by(reply.headers, reply.document) or self._made
        self.keep()
        self.standing = self.recorded()

    @property
    def changes(self) -> bool:
        return self.effects > 0

    @abstractmethod
    def opened(self, faults: Faults) -> AbstractContextManager[Kit]:
        """A new process over what is stored, its ports behind `faults`."""

    @abstractmethod
    def keep(self) -> None:
        """Remember what is stored, for `put_back`."""

    @abstractmethod
    def put_back(self) -> None: ...

    @abstractmethod
    def check(self) -> None:
        """State, versions and journal agree (I2, I3, I7)."""

    @abstractmethod
    def entries(self) -> list[tuple[bool, JournalEntry]]:
        """(is it of a change, entry): everything that is durable in the journal."""

    def send(self, kit: Kit, asked: Exemplar | None = None, headers: Mapping[str, str] = KEY) -> Reply:
        """The request, or another one; what it changed and said so is remembered as acknowledged."""
        asked = (asked or self.scene).about(self._made)
        sent = {**(headers if CHANGING[asked.operation] else {}), **asked.headers}
        reply = kit.call(asked.method, asked.url, asked.body, token=self._token(asked), headers=sent)
        if CHANGING[asked.operation] and 200 <= reply.status < 300:
            self._acknowledged.append((asked, reply))
        return reply

    def forget(self) -> None:
        """What was acknowledged at a point was undone with it."""
        del self._acknowledged[len(self.scene.given) :]

    def recorded(self) -> list[str]:
        """The ids of the entries of changes."""
        return sorted(entry.id for is_change, entry in self.entries() if is_change)

    def released(self) -> int:
        """How many releases of secrets are on record."""
        kinds = [(entry.event_type, entry.result.status) for is_change, entry in self.entries() if not is_change]
        return kinds.count(("secret.accessed", "success"))

    def added(self) -> int:
        """How many changes there are beside those that stood before; none of those may be gone."""
        recorded = self.recorded()
        assert set(self.standing) <= set(recorded), "a recorded change is gone"
        return len(recorded) - len(self.standing)

    def made(self) -> int:
        """How often the request had its whole effect."""
        times, part = divmod(self.added(), self.effects or 1)
        assert not part, "a part of what belongs together was made"
        return times

    def read_back(self, kit: Kit) -> None:
        """Everything acknowledged is readable as it was acknowledged (I1)."""
        gone = {sent.url for sent, told in self._acknowledged if told.status == 204}
        if self.scene.status == 204 and self.made():
            gone.add(self.scene.about(self._made).url)
        for sent, told in self._acknowledged:
            if told.headers.get("Location") in gone:
                continue
            tenant = PLATFORM if sent.platform else self.acme
            token = signed_token(self._tokens, time.time(), tenant, ["global-admin"])
            get = partial(kit.call, "GET", token=token)
            check_readable(get, sent, told, opens=self.scene.operation in ("put_secret", "create_secret"))

    def secrets(self) -> list[str]:
        bodies = [one.body for one in (self.scene, *self.scene.given) if one.operation.endswith("_secret") and one.body]
        return [body["value"] for body in bodies if "value" in body]

    def leaks(self, reply: Reply) -> bool:
        told = reply.text + json.dumps(dict(reply.headers))
        return any(secret in told for secret in self.secrets())

    def _token(self, asked: Exemplar) -> str | None:
        tenant: TenantId = PLATFORM if asked.platform else self.acme
        return signed_token(self._tokens, time.time(), tenant, asked.roles) if asked.roles else None


class SqliteStage(Stage):
    def __init__(self, directory: Path, scene: Exemplar) -> None:
        self._kept = directory.with_name("kept")
        super().__init__(directory, scene)

    @contextmanager
    def opened(self, faults: Faults) -> Iterator[Kit]:
        family = EmbeddedFamily(self.directory, ISSUER)
        try:
            yield Kit(family.tokens, faults.around(family.factories()))
        finally:
            family.close()

    def keep(self) -> None:
        shutil.copytree(self.directory, self._kept)

    def put_back(self) -> None:
        self.forget()
        shutil.rmtree(self.directory)
        shutil.copytree(self._kept, self.directory)

    def check(self) -> None:
        check_directory(self.directory)
        with closing(sqlite3.connect(self.directory / "store.sqlite")) as db:
            tenants = {name for (name,) in db.execute("SELECT id FROM tenants")}
            told = db.execute("SELECT tenant, entry FROM journal WHERE line = 'C'").fetchall()
        recorded = [name for name, entry in told if json.loads(entry)["resource"]["type"] == "tenants"]
        assert sorted(tenants) == sorted(recorded), "a tenant without its record, or a record without its tenant"

    def entries(self) -> list[tuple[bool, JournalEntry]]:
        with closing(sqlite3.connect(self.directory / "store.sqlite")) as db:
            rows = db.execute("SELECT line, entry FROM journal ORDER BY sequence").fetchall()
        return [(line != "A", JournalEntry.from_record(json.loads(text))) for line, text in rows]


class DynamoStage(Stage):
    def __init__(self, directory: Path, scene: Exemplar, account: Account) -> None:
        self.account = account
        self._kept: dict[str, Any] = {}
        self._objects: set[str] = set()
        super().__init__(directory, scene)

    @contextmanager
    def opened(self, faults: Faults) -> Iterator[Kit]:
        family = SteppedAwsFamily(self.account, self.directory, SteppedClock())
        try:
            yield Kit(family.tokens, faults.around(family.factories()))
        finally:
            self.account.disconnect()

    def keep(self) -> None:
        self._kept = {name: copy.deepcopy(table.items) for name, table in _tables().items()}
        self._objects = objects(self.account)

    def put_back(self) -> None:
        self.forget()
        for name, table in _tables().items():
            table.items = copy.deepcopy(self._kept[name])
        forget_objects(self.account, self._objects)

    def check(self) -> None:
        check_tables(self.account)
        check_objects(self.account)

    def entries(self) -> list[tuple[bool, JournalEntry]]:
        rows = self.account.rows("journal")
        return [("#A#" not in row["pk"]["S"], JournalEntry.from_record(json.loads(row["entry"]["S"]))) for row in rows]


def _tables() -> dict[str, Any]:
    """moto's own tables of the account: putting their rows back is quicker than another account."""
    return dict(dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables)


@contextmanager
def sqlite(directory: Path, scene: Exemplar) -> Iterator[Stage]:
    yield SqliteStage(directory / "home", scene)


@contextmanager
def dynamodb(directory: Path, scene: Exemplar) -> Iterator[DynamoStage]:
    with account() as made:
        yield DynamoStage(directory / "home", scene, made)


FAMILIES: dict[str, Callable[[Path, Exemplar], AbstractContextManager[Stage]]] = {
    "sqlite": sqlite,
    "dynamodb": dynamodb,
}
SLOW_IN_TURN = [pytest.param("sqlite", marks=EVERY_OTHER), pytest.param("dynamodb", marks=IN_TURN)]
