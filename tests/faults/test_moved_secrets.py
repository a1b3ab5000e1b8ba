"""A sealed value that lies where another one belongs: whoever may write to the store still opens nothing with it.

Every golden request that stands on a stored secret is sent again after the sealed values of the store have changed
places: with one of another key, environment, namespace, version or tenant. Not one of them comes out.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

import pytest

from llm_config_local.adapters.faulty import Faults
from tests.faults.points import at, calls_of
from tests.faults.stages import FAMILIES, SLOW_IN_TURN, DynamoStage, SqliteStage, Stage
from tests.support.aws import PREFIX
from tests.support.exemplars import Exemplar, read
from tests.support.golden import cases
from tests.support.homes import Kit, Reply

T = TypeVar("T", bytes, tuple[str, bytes])
OTHER = "sk-of-another-place"
CARRYING = ("copy_secret", "move_secret")
"""These open a secret and disclose none."""
MOVED: dict[str, Callable[[str], str]] = {
    "another key": lambda url: url.replace("?", "-too?"),
    "another namespace": lambda url: url.replace("/secrets/", "/secrets/other-"),
    "another environment": lambda url: f"{url.partition('?')[0]}?environment=edge",
    "another version": lambda url: url,
    "another tenant": lambda url: url,
}
"""Where the other secret is put, from where the request's own one is."""


def secret_of(scene: Exemplar) -> Exemplar | None:
    """The secret that stands there before the request comes."""
    return next((given for given in scene.given if given.operation == "put_secret" and given.status < 300), None)


def scenes() -> list[Any]:
    found = [each for each in cases() if secret_of(read(*each)) and read(*each).status < 300]
    return [pytest.param(*each, id=f"binding: {' '.join(each)}") for each in found]


@pytest.mark.parametrize("family", SLOW_IN_TURN)
@pytest.mark.parametrize(("operation", "case"), scenes())
def test_a_sealed_value_that_was_moved_is_never_released(
    tmp_path: Path, operation: str, case: str, family: str
) -> None:
    scene = read(operation, case)
    with FAMILIES[family](tmp_path, scene) as stage:
        calls_of(stage)
        for place in MOVED:
            stage.put_back()
            with at(f"{operation}, with the sealed value of {place}"):
                check_moved(stage, place)


def check_moved(stage: Stage, place: str) -> None:
    with stage.opened(Faults()) as kit:
        put_other(stage, kit, place)
    REORDER[type(stage)](stage)
    released = stage.released()
    with stage.opened(Faults()) as kit:
        reply = stage.send(kit)
    assert not stage.leaks(reply) and OTHER not in reply.text, "a sealed value was opened under another name"
    assert stage.released() == released
    if stage.discloses or stage.scene.operation in CARRYING:
        assert (reply.status, reply.json["kind"]) == (500, "broken"), reply.text


def put_other(stage: Stage, kit: Kit, place: str) -> None:
    own = secret_of(stage.scene)
    assert own is not None
    tenant = kit.tenant("globex") if place == "another tenant" else stage.acme
    url = MOVED[place](own.url)
    reply: Reply = kit.call("PUT", url, {**own.body, "value": OTHER}, token=kit.token(tenant, "tenant-admin"))
    assert reply.status in (200, 201), reply.text


def turned(sealed: set[T]) -> dict[T, T]:
    """Each one's place is taken by the next one."""
    order = sorted(sealed)
    assert len(order) > 1, "there is nothing to change places with"
    return dict(zip(order, order[1:] + order[:1], strict=True))


def reorder_rows(stage: SqliteStage) -> None:
    with closing(sqlite3.connect(stage.directory / "store.sqlite")) as db, db:
        for was, becomes in turned({blob for (blob,) in db.execute("SELECT sealed FROM secret_versions")}).items():
            db.execute("UPDATE secret_versions SET sealed = ? WHERE sealed = ?", (b"moved " + becomes, was))
        db.execute("UPDATE secret_versions SET sealed = substr(sealed, 7)")


def reorder_items(stage: DynamoStage) -> None:
    """The message, or the reference to one that is too large for its row."""
    items = [row for row in stage.account.rows("secrets") if "value" in row or "reference" in row]
    becomes = turned({content_of(row) for row in items})
    for row in items:
        name, content = becomes[content_of(row)]
        bare = {attribute: told for attribute, told in row.items() if attribute not in ("value", "reference")}
        moved = {**bare, name: {"B": content} if name == "value" else {"S": content.decode()}}
        stage.account.client("dynamodb").put_item(TableName=f"{PREFIX}secrets", Item=moved)


def content_of(row: dict[str, Any]) -> tuple[str, bytes]:
    return ("value", bytes(row["value"]["B"])) if "value" in row else ("reference", row["reference"]["S"].encode())


REORDER: dict[type[Stage], Callable[[Any], None]] = {SqliteStage: reorder_rows, DynamoStage: reorder_items}
