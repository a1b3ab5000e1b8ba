"""How the index of names follows the store on AWS: seconds behind by events, to the last change by the sweep."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from llm_config.adapters.dynamodb import keys
from llm_config.adapters.dynamodb.name_states import ASKED, DynamoNameStates
from llm_config.adapters.dynamodb.store import DynamoStore
from llm_config.adapters.postgres.address import NAMES_USER, SEARCH_USER, IamAddress
from llm_config.adapters.postgres.connection import Database
from llm_config.adapters.postgres.names import PostgresNameIndex, PostgresNameProjector
from llm_config.operations import sweeping
from llm_config.operations.names.project_names import PROJECT_NAMES
from llm_config.operations.names.projection import CONSUMER
from llm_config.operations.names.sweep_names import SWEEP_NAMES
from llm_config.runtime.consumer import changes
from llm_config_domain.errors import Unavailable
from llm_config_domain.lines import Mark, Place
from llm_config_domain.name_index import Indexed, IndexedState, Kind
from llm_config_domain.names import TenantId
from tests.functions.test_sweeping import spoil
from tests.functions.test_waking import message
from tests.support.aws import PREFIX, AwsKit
from tests.support.aws_calls import BATCH_GET
from tests.support.families import DynamoHome
from tests.support.permissions import refused, watched
from tests.support.postgres import drop_database, function_of, new_database, owner_of
from tests.support.samples import name_of, put_config, put_secret
from tests.support.searching import bring_names, found, places
from tests.support.sweeping import OLD_SECONDS, configs, home_of, mark, sweep

PINECONE = "vectors/pinecone"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[DynamoHome]:
    with home_of("dynamodb", tmp_path) as home:
        assert isinstance(home, DynamoHome)
        yield home


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    name = new_database()
    yield name
    drop_database(name)


@pytest.fixture
def acme(home: DynamoHome) -> TenantId:
    return home.tenant("acme")


def wake(home: DynamoHome, *tenants: str) -> list[str]:
    """The messages that come again."""
    records = [message(number, tenant) for number, tenant in enumerate(tenants)]
    told = changes(PROJECT_NAMES, home.provide)({"Records": records}, None)
    return [failure["itemIdentifier"] for failure in told["batchItemFailures"]]


def stand_before(home: DynamoHome, **methods: Callable[..., Any]) -> None:
    """The projector, of which these methods are others."""
    assert isinstance(home.kit, AwsKit)
    whole = home.kit.another_container().provide("name_projector")

    class Other:
        def __getattr__(self, method: str) -> Any:
            return methods.get(method) or getattr(whole, method)

    home.kit.factories["name_projector"] = Other
    home.kit.forget()


def down(*told: Any) -> None:
    raise Unavailable("not now")


def states_of(home: DynamoHome, tenant: TenantId) -> list[IndexedState]:
    states = DynamoNameStates(DynamoStore(home.account.client("dynamodb"), PREFIX))
    return states([Indexed(name_of(tenant, PINECONE), kind) for kind in Kind])


def keep(home: DynamoHome, tenant: TenantId, states: list[IndexedState]) -> None:
    database = Database(lambda: function_of(home.account.database(), NAMES_USER))
    PostgresNameProjector(database, lambda names: []).keep(tenant, states)
    database.close()


def test_what_was_published_a_moment_ago_is_found(home: DynamoHome, acme: TenantId) -> None:
    put_config(home, name_of(acme, PINECONE))
    put_secret(home, name_of(acme, PINECONE))
    assert wake(home, acme, acme) == []
    assert places(found(home, acme, "pinecone")) == [f"{kind} {PINECONE} production" for kind in Kind]
    assert mark(home, configs(acme, "vectors"), CONSUMER) == Mark(Place(2))


def test_a_message_that_comes_again_and_one_of_nobody_do_nothing(home: DynamoHome, acme: TenantId) -> None:
    put_config(home, name_of(acme, PINECONE))
    for _ in range(3):
        assert wake(home, acme, "01M7XB2CPDX901Z538HPJ3CH8Z", "no tenant") == []
    assert len(found(home, acme, "pinecone")) == 1
    with psycopg.connect(owner_of(home.account.database())) as db:
        assert db.execute("SELECT tenant FROM names_reached").fetchall() == [(acme,)]


@pytest.mark.parametrize("method", ["project", "reached"])
def test_while_the_database_does_not_answer_the_message_comes_again(
    home: DynamoHome, acme: TenantId, method: str
) -> None:
    put_config(home, name_of(acme, PINECONE))
    stand_before(home, **{method: down})
    assert wake(home, acme) == ["0"]
    home.clock.step(OLD_SECONDS)
    sweep(home, SWEEP_NAMES)
    assert home.provide("name_index").as_of(acme) is None
    stand_before(home)
    assert wake(home, acme) == []
    assert len(found(home, acme, "pinecone")) == 1


def test_what_no_event_brought_the_sweep_finds(home: DynamoHome, acme: TenantId) -> None:
    put_config(home, name_of(acme, PINECONE))
    assert sweep(home, SWEEP_NAMES) and found(home, acme, "pinecone") == [], "that of a moment ago is the events'"
    bring_names(home)
    assert len(found(home, acme, "pinecone")) == 1


def test_an_index_is_made_of_what_there_is_in_bounded_walks_and_says_when_it_is_whole(
    home: DynamoHome, acme: TenantId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "AT_ONCE", 2)
    monkeypatch.setattr(sweeping, "MAX_BATCHES", 3)
    for number in range(9):
        put_config(home, name_of(acme, f"{PINECONE}-{number}"))
    home.clock.step(OLD_SECONDS)
    counts = []
    for _ in range(4):
        assert sweep(home, SWEEP_NAMES)
        counts.append((len(found(home, acme, "pinecone")), home.provide("name_index").as_of(acme) is not None))
    assert counts[0] < (9, False) and counts[-1] == (9, True), counts
    assert [whole for number, whole in counts] == [number == 9 for number, whole in counts], counts


def test_what_there_is_no_time_for_is_left_to_the_sweep(
    home: DynamoHome, acme: TenantId, monkeypatch: pytest.MonkeyPatch
) -> None:
    globex = home.tenant("globex")
    for tenant in (acme, globex):
        put_config(home, name_of(tenant, PINECONE))
    with monkeypatch.context() as patch:
        patch.setattr(sweeping, "MAX_BATCHES", 2)
        assert wake(home, acme, globex) == []
    assert (len(found(home, acme, "pinecone")), found(home, globex, "pinecone")) == (1, [])
    assert home.provide("name_index").as_of(globex) is None
    bring_names(home)
    assert len(found(home, globex, "pinecone")) == 1


def test_what_nobody_can_read_keeps_the_index_from_saying_that_it_is_whole(home: DynamoHome, acme: TenantId) -> None:
    put_config(home, name_of(acme, "gateway/pinecone"))
    put_config(home, name_of(acme, "gateway/pinecone-2"))
    was = spoil(home, configs(acme), 1)
    home.clock.step(OLD_SECONDS)
    assert not sweep(home, SWEEP_NAMES)
    assert wake(home, acme) == []
    assert len(found(home, acme, "pinecone")) == 1
    assert home.provide("name_index").as_of(acme) is None
    spoil(home, configs(acme), 1, was)
    assert sweep(home, SWEEP_NAMES)
    assert len(found(home, acme, "pinecone")) == 2
    assert home.provide("name_index").as_of(acme) is not None


def test_what_was_read_earlier_and_comes_later_takes_nothing_back(home: DynamoHome, acme: TenantId) -> None:
    put_config(home, name_of(acme, PINECONE))
    put_secret(home, name_of(acme, PINECONE))
    early = states_of(home, acme)
    put_config(home, name_of(acme, PINECONE), "2", tags={"new": ""})
    home.kit.call(
        "DELETE", f"/api/v1/secrets/{PINECONE}?environment=production", token=home.kit.token(acme, "tenant-admin")
    )
    for states in (states_of(home, acme), early, states_of(home, acme), early):
        keep(home, acme, states)
    (entry,) = found(home, acme, "pinecone")
    assert (entry.indexed.kind, entry.version, entry.tags) == (Kind.CONFIG, 2, {"new": ""})


def test_a_walk_reads_heads_without_their_values_and_may_not_read_more(home: DynamoHome, acme: TenantId) -> None:
    for number in range(3):
        put_config(home, name_of(acme, f"{PINECONE}-{number}"))
        put_secret(home, name_of(acme, f"{PINECONE}-{number}"))
    assert isinstance(home.kit, AwsKit)
    container = home.kit.another_container()
    with home.account.counted() as calls, watched(home.account) as asked:
        told = changes(PROJECT_NAMES, container.provide)({"Records": [message(1, acme)]}, None)
    assert told == {"batchItemFailures": []}
    assert not refused(PROJECT_NAMES, asked), "infra/cdk/llm_config_cdk/grants.py"
    assert calls[BATCH_GET] == 5, "two batches of names, and three marks"
    assert "value" not in ASKED and "reference" not in ASKED
    store = DynamoStore(home.account.client("dynamodb"), PREFIX)
    for more in (ASKED, (), (*ASKED, "value"), ("reference",)):
        with watched(home.account) as asked:
            store.get_all([keys.head("secrets", name_of(acme, f"{PINECONE}-0"))], only=more)
        assert bool(refused(PROJECT_NAMES, asked)) == (more != ASKED), more


@pytest.mark.parametrize(
    ("user", "command"),
    [
        *((SEARCH_USER, command) for command in (
            "INSERT INTO names VALUES ('t', 'n', 'k', 'e', 'config', 1, '{}')",
            "UPDATE names SET record = NULL", "UPDATE names_reached SET at = '9'",
        )),
        *((NAMES_USER, command) for command in ("UPDATE names SET tenant = 'u'", "UPDATE names_reached SET tenant = 'u'")),
        *((user, command) for user in (SEARCH_USER, NAMES_USER) for command in (
            "DELETE FROM names", "TRUNCATE names", "SELECT 1 FROM audit_leaves", "SELECT 1 FROM audit_heads",
            "SELECT 1 FROM audit_subjects", "SELECT 1 FROM audit_nodes",
        )),
    ],
)  # fmt: skip
def test_who_searches_changes_nothing_and_neither_role_sees_the_audit(database: str, user: str, command: str) -> None:
    with (
        psycopg.connect(function_of(database, user)) as db,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        db.execute(command.encode())


def test_the_database_shows_a_tenants_rows_to_that_tenant_alone(home: DynamoHome, acme: TenantId) -> None:
    put_config(home, name_of(acme, PINECONE))
    put_config(home, name_of(home.tenant("globex"), PINECONE))
    bring_names(home)
    with psycopg.connect(function_of(home.account.database(), SEARCH_USER)) as db:
        for table in ("names", "names_reached"):
            assert db.execute(f"SELECT tenant FROM {table}".encode()).fetchall() == []
            db.execute("SELECT set_config('app.tenant_id', %s, false)", (acme,))
            assert db.execute(f"SELECT tenant FROM {table}".encode()).fetchall() == [(acme,)]
            db.execute("SELECT set_config('app.tenant_id', '', false)")
    with psycopg.connect(function_of(home.account.database(), NAMES_USER)) as db:
        db.execute("SELECT set_config('app.tenant_id', %s, false)", (acme,))
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            db.execute("INSERT INTO names VALUES ('another', 'n', 'k', 'e', 'config', 1, '{}')")


def test_each_role_logs_in_as_itself() -> None:
    asked: list[str] = []

    class Rds:
        def generate_db_auth_token(self, **told: str) -> str:
            asked.append(told["DBUsername"])
            return "token"

    for user in (NAMES_USER, SEARCH_USER):
        assert f"user={user}" in IamAddress(Rds(), "db.test", 5480, "authorities.pem", user)()
    assert asked == [NAMES_USER, SEARCH_USER]


def test_a_search_that_the_database_does_not_answer_is_unavailable(home: DynamoHome, acme: TenantId) -> None:
    def nowhere() -> str:
        return "host=/nowhere dbname=none connect_timeout=1"

    home.kit.factories["name_index"] = lambda: PostgresNameIndex(Database(nowhere))
    home.kit.forget()
    reply = home.kit.call("GET", "/api/v1/search?q=pinecone", token=home.kit.token(acme, "viewer"))
    assert (reply.status, reply.json["kind"]) == (503, "unavailable")
