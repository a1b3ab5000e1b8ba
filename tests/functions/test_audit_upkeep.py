"""The audit's database over the years, on a real PostgreSQL: months are made, archived and dropped, and proofs stay."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest

from llm_config.adapters.postgres import keeper as keeping
from llm_config.adapters.postgres.address import OwnerAddress
from llm_config.adapters.postgres.keeper import PostgresAuditKeeper, migrations
from llm_config.operations.audit.migrate_audit import MIGRATE_AUDIT
from llm_config.runtime.upkeep import tell, upkeep
from llm_config_domain.audit import tree
from llm_config_domain.audit.entries import AuditQuery
from llm_config_domain.errors import NotFound, Unavailable
from llm_config_domain.names import TenantId
from tests.support.aws import AUDIT_FILES, AwsKit, client, on_aws
from tests.support.aws_resources import REGION
from tests.support.entries import numbered
from tests.support.postgres import drop_database, empty_database, function_of, owner_of

MARCH, APRIL, MAY = "2026-03-01T00:00:00.000Z", "2026-04-01T00:00:00.000Z", "2026-05-01T00:00:00.000Z"
SUMMER = date(2026, 6, 15)


@pytest.fixture
def kit(tmp_path: Path) -> Iterator[AwsKit]:
    with on_aws(tmp_path) as kit:
        yield kit


@pytest.fixture
def acme(kit: AwsKit) -> TenantId:
    return kit.tenant("acme")


@pytest.fixture
def empty() -> Iterator[str]:
    name = empty_database()
    yield name
    drop_database(name)


def filled(kit: AwsKit, tenant: TenantId, entries: int = 6) -> None:
    """So many entries, in March and April by turns."""
    months = ("2026-03-07T10:00:00.000Z", "2026-04-07T10:00:00.000Z")
    kit.provide("audit_appender").append([numbered(tenant, n, at=months[n % 2]) for n in range(entries)])


def archived(kit: AwsKit) -> dict[str, list[dict[str, Any]]]:
    """{name: lines} of the archive."""
    s3 = kit.account.client("s3")
    names = [one["Key"] for one in s3.list_objects_v2(Bucket=AUDIT_FILES).get("Contents", [])]
    texts = {name: s3.get_object(Bucket=AUDIT_FILES, Key=name)["Body"].read().decode() for name in names}
    return {name: [json.loads(line) for line in text.splitlines()] for name, text in texts.items()}


def test_every_migration_is_applied_once_and_in_order_whoever_comes_at_once(empty: str) -> None:
    def migrate(_: int) -> list[str]:
        return list(PostgresAuditKeeper(lambda: owner_of(empty), lambda name, content: None).migrate())

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(migrate, range(4)))
    assert sorted(done, key=len) == [[], [], [], sorted(migrations())]


def test_a_migration_that_fails_leaves_those_before_it(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = {**migrations(), "9999_broken.sql": "CREATE TABLE made (a int); SELECT 1 / 0"}
    monkeypatch.setattr(keeping, "migrations", lambda: broken)
    keeper = PostgresAuditKeeper(lambda: owner_of(empty), lambda name, content: None)
    with pytest.raises(Unavailable):
        keeper.migrate()
    monkeypatch.undo()
    assert list(keeper.migrate()) == []
    with psycopg.connect(owner_of(empty)) as db:
        assert db.execute("SELECT to_regclass('made')").fetchone() == (None,)


def test_months_are_made_ahead_and_take_what_fell_among_others(kit: AwsKit, acme: TenantId) -> None:
    keeper = kit.provide("audit_keeper")
    kit.provide("audit_appender").append([numbered(acme, 1, at="2031-01-31T23:59:59.999Z")])
    assert keeper.make_months(date(2030, 12, 5), 3) == ["2030-12", "2031-01", "2031-02"]
    assert keeper.make_months(date(2031, 1, 1), 3) == ["2031-03"]
    with psycopg.connect(owner_of(kit.account.database())) as db:
        counted = [db.execute(f"SELECT count(*) FROM audit_leaves_{name}").fetchone() for name in ("2031_01", "other")]
    assert counted == [(1,), (0,)]


def test_an_ended_month_is_archived_line_by_line_and_each_line_is_its_leaf(kit: AwsKit, acme: TenantId) -> None:
    globex = kit.tenant("globex")
    filled(kit, acme)
    filled(kit, globex, 2)
    done = kit.provide("audit_keeper").archive(date(2026, 4, 15), 100)
    found = archived(kit)
    assert sorted(done) == sorted(found) and len(found) == 2
    (lines,) = [lines for name, lines in found.items() if name.startswith(f"archive/{acme}/2026-03/")]
    held = kit.provide("audit_reader").leaves(acme, lines[0]["leaf"], lines[0]["leaf"] + 1)
    assert [held[0].record] == [lines[0]["entry"]] and len(lines) == 3
    assert {line["entry"]["tenant"] for line in lines} == {acme}


def test_a_large_month_is_archived_in_pieces_over_several_runs(
    kit: AwsKit, acme: TenantId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "ENTRIES", 2)
    filled(kit, acme, 10)
    keeper = kit.provide("audit_keeper")
    assert [len(keeper.archive(SUMMER, 2)) for _ in range(4)] == [2, 2, 2, 0]
    lines = [line["leaf"] for piece in archived(kit).values() for line in piece]
    assert len(lines) == len(set(lines)) == 10


def test_a_dropped_month_is_refused_and_never_told_to_be_empty(kit: AwsKit, acme: TenantId) -> None:
    filled(kit, acme)
    keeper, reader = kit.provide("audit_keeper"), kit.provide("audit_reader")
    size = reader.caught_up(acme)
    root = tree.root(size, reader.nodes(acme, tree.needed(lambda look: tree.root(size, look))).__getitem__)
    keeper.archive(SUMMER, 100)
    assert keeper.drop(date(2026, 4, 15)) == ["2026-01", "2026-02", "2026-03"]
    questions: tuple[Callable[[], object], ...] = (
        lambda: reader.find(acme, AuditQuery(MARCH, MAY), 10**6, 10),
        lambda: reader.span(acme, "2026-03-31T23:59:59.999Z", MAY, size),
        lambda: reader.leaves(acme, 0, size),
    )
    for question in questions:
        with pytest.raises(NotFound, match="2026-04-01"):
            question()
    assert len(reader.find(acme, AuditQuery(APRIL, MAY), 10**6, 10)) == 3
    assert reader.caught_up(acme) == size
    assert tree.root(size, reader.nodes(acme, tree.needed(lambda look: tree.root(size, look))).__getitem__) == root


def test_who_has_nothing_in_a_dropped_month_is_answered(kit: AwsKit, acme: TenantId) -> None:
    filled(kit, acme)
    globex = kit.tenant("globex")
    keeper = kit.provide("audit_keeper")
    keeper.archive(SUMMER, 100), keeper.drop(SUMMER)
    assert kit.provide("audit_reader").find(globex, AuditQuery(MARCH, MAY), 10**6, 10) == []


def test_what_came_after_a_month_was_archived_is_archived_before_it_is_dropped(kit: AwsKit, acme: TenantId) -> None:
    filled(kit, acme)
    keeper = kit.provide("audit_keeper")
    keeper.archive(SUMMER, 100)
    kit.provide("audit_appender").append([numbered(acme, 99, at="2026-03-08T10:00:00.000Z")])
    assert keeper.drop(SUMMER) == ["2026-01", "2026-02", "2026-04", "2026-05"]
    assert len(keeper.archive(SUMMER, 100)) == 1
    assert keeper.drop(SUMMER) == ["2026-03"]
    assert len([line for piece in archived(kit).values() for line in piece]) == 7


def test_a_function_of_the_audit_can_neither_change_nor_drop(kit: AwsKit, acme: TenantId) -> None:
    filled(kit, acme)
    for command in ("DELETE FROM audit_archives", "UPDATE audit_months SET dropped_at = now()",
                    "DROP TABLE audit_leaves_2026_03", "SELECT 1 FROM audit_leaves_2026_03"):  # fmt: skip
        with (
            psycopg.connect(function_of(kit.account.database())) as db,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            db.execute(command)


def asked(kind: str) -> dict[str, str]:
    told = {
        "StackId": "stack",
        "RequestId": "request",
        "LogicalResourceId": "shape",
        "ResponseURL": "https://s3.test/x",
    }
    return {"RequestType": kind, **told}


def test_a_deployment_migrates_and_is_told(kit: AwsKit) -> None:
    told: list[tuple[str, dict[str, Any]]] = []
    handler = upkeep(MIGRATE_AUDIT, kit.provide, lambda address, body: told.append((address, json.loads(body))))
    handler(asked("Create"), None)
    ((address, outcome),) = told
    assert (address, outcome["Status"]) == ("https://s3.test/x", "SUCCESS")
    assert (outcome["StackId"], outcome["RequestId"], outcome["LogicalResourceId"]) == ("stack", "request", "shape")
    assert outcome["PhysicalResourceId"] == "migrate_audit"


def test_a_deployment_that_cannot_migrate_fails_and_says_where_to_look(kit: AwsKit) -> None:
    told: list[dict[str, Any]] = []

    class Absent:
        def migrate(self) -> list[str]:
            raise Unavailable("the database at 10.0.0.1")

    def provide(port: str) -> Any:
        return Absent() if port == "audit_keeper" else kit.provide(port)

    upkeep(MIGRATE_AUDIT, provide, lambda address, body: told.append(json.loads(body)))(asked("Update"), None)
    assert told[0]["Status"] == "FAILED" and "unavailable" in told[0]["Reason"] and "10.0.0.1" not in told[0]["Reason"]


def test_a_deployment_that_goes_leaves_the_audit_alone() -> None:
    told: list[dict[str, Any]] = []

    def nothing(port: str) -> Any:
        raise AssertionError(port)

    upkeep(MIGRATE_AUDIT, nothing, lambda address, body: told.append(json.loads(body)))(asked("Delete"), None)
    assert told[0]["Status"] == "SUCCESS"


def test_a_day_that_fails_comes_again(kit: AwsKit) -> None:
    assert upkeep(MIGRATE_AUDIT, kit.provide)({"Records": [{}]}, None)["migrations"] == []
    drop_database(kit.account.database())
    with pytest.raises(Unavailable):
        upkeep(MIGRATE_AUDIT, kit.provide)({"Records": [{}]}, None)


def test_a_deployment_is_told_over_https_alone() -> None:
    with pytest.raises(ValueError, match="https"):
        tell("http://169.254.169.254/", b"{}")


@pytest.mark.usefixtures("kit")
def test_the_owner_logs_in_with_what_secrets_manager_made() -> None:
    secrets = client("secretsmanager")
    assert secrets.meta.region_name == REGION
    login = {"host": "db.test", "port": 5480, "username": "owner", "password": "p w'd"}
    secrets.create_secret(Name="owner", SecretString=json.dumps(login))
    secrets.create_secret(Name="broken", SecretString='{"password": "shown"}')
    told = psycopg.conninfo.conninfo_to_dict(OwnerAddress(secrets, "owner", "rds.pem")())
    assert (told["host"], told["port"], told["user"], told["password"]) == ("db.test", "5480", "owner", "p w'd")
    assert (told["dbname"], told["sslmode"], told["sslrootcert"]) == ("audit", "verify-full", "rds.pem")
    for name in ("broken", "absent", ""):
        with pytest.raises(Unavailable) as refused:
            OwnerAddress(secrets, name, "rds.pem")()
        assert "shown" not in str(refused.value) and refused.value.__cause__ is None
