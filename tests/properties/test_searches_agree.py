"""Whatever was put, deleted, brought back and moved, and however the news of it was delivered: a search of the copy in
PostgreSQL answers as one of the tables themselves."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from llm_config.adapters.dynamodb.name_states import DynamoNameStates
from llm_config.adapters.dynamodb.store import DynamoStore
from llm_config.adapters.postgres.address import NAMES_USER
from llm_config.adapters.postgres.connection import Database
from llm_config.adapters.postgres.names import PostgresNameProjector
from llm_config.operations.names.project_names import PROJECT_NAMES
from llm_config.runtime.consumer import changes
from llm_config_domain.name_index import Indexed, IndexedState, Kind
from llm_config_domain.names import TenantId
from tests.functions.test_waking import message
from tests.support.aws import PREFIX
from tests.support.families import FAMILIES, DynamoHome, HomeUnderTest
from tests.support.nets import IN_TURN
from tests.support.postgres import function_of
from tests.support.samples import name_of

PATHS = ["vectors/eu/pinecone", "keys/pinecone-1"]
ENVIRONMENTS = ["production", "production", "development"]
EVERYWHERE = [(path, environment) for path in PATHS for environment in sorted(set(ENVIRONMENTS))]
_examples = count()
Place = tuple[str, str]
_places = st.tuples(st.sampled_from(PATHS), st.sampled_from(ENVIRONMENTS))


@dataclass(frozen=True)
class Request:
    """One change. It may be refused: then it is by both."""

    method: str
    route: str
    place: Place
    body: dict[str, Any] | None = None

    @property
    def url(self) -> str:
        return f"/api/v1/{self.route}/{self.place[0]}?environment={self.place[1]}"


def _to(place: Place) -> dict[str, Any]:
    return {"to": {"path": place[0], "environment": place[1]}}


def _changes(route: str, bodies: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.builds(Request, st.just("POST"), st.just(route), _places, bodies)


_tags = st.sampled_from([{}, {"team": "search"}, {"team": "core", "reviewed": ""}])
_bodies = st.builds(lambda tags: {"value": 1, "tags": tags}, _tags)
_secrets = st.builds(
    lambda tags, activate: {"value": 1, "type": "generic", "tags": tags, "activate": activate}, _tags, st.booleans()
)
_versions = st.builds(lambda number: {"version": number}, st.integers(1, 2))
_writes = st.one_of(
    st.builds(Request, st.just("PUT"), st.just("configs"), _places, _bodies),
    st.builds(Request, st.just("PUT"), st.just("secrets"), _places, _secrets),
    st.builds(Request, st.just("DELETE"), st.sampled_from(["configs", "secrets"]), _places),
)
_moves = st.one_of(
    _changes("config-restores", st.just({})),
    _changes("config-rollbacks", _versions),
    _changes("secret-restores", st.just({})),
    _changes("secret-activations", _versions),
    _changes("secret-revocations", _versions),
    _changes("secret-destructions", st.builds(lambda number: {"versions": [number]}, st.integers(1, 2))),
    _changes("secret-moves", st.builds(_to, _places)),
    _changes("secret-copies", st.builds(_to, _places)),
)
_FIRST = [
    *(Request("PUT", "configs", place, {"value": 1}) for place in EVERYWHERE[:2]),
    *(Request("PUT", "secrets", place, {"value": 1, "type": "generic"}) for place in EVERYWHERE[1:]),
]


@dataclass
class Copied:
    """A tenant of the AWS home, and news of it that are still on their way."""

    home: DynamoHome
    tenant: TenantId
    database: Database
    on_the_way: list[list[IndexedState]] = field(default_factory=list)

    def note(self) -> None:
        """News of how everything stands now are on their way."""
        names = [Indexed(name_of(self.tenant, *place), kind) for place in EVERYWHERE for kind in Kind]
        self.on_the_way.append(DynamoNameStates(DynamoStore(self.home.account.client("dynamodb"), PREFIX))(names))

    def keep(self, states: list[IndexedState]) -> None:
        PostgresNameProjector(self.database, lambda names: []).keep(self.tenant, states)

    def wake(self) -> None:
        told = changes(PROJECT_NAMES, self.home.provide)({"Records": [message(1, self.tenant)]}, None)
        assert told == {"batchItemFailures": []}

    def come_to_rest(self, shuffling: Random, *, woken_last: bool) -> None:
        """What is on its way arrives in any order, some of it twice, and whoever follows is woken before it or after it."""
        if not woken_last:
            self.wake()
        arriving = [*self.on_the_way, *self.on_the_way[::2]]
        shuffling.shuffle(arriving)
        for states in arriving:
            self.keep(states)
        if woken_last:
            self.wake()


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[HomeUnderTest]]:
    with ExitStack() as stack:
        yield [stack.enter_context(family(tmp_path_factory.mktemp("home"), str)) for family in FAMILIES.values()]


def as_projector(home: DynamoHome) -> Database:
    made = Database(lambda: function_of(home.account.database(), NAMES_USER))
    home.account.connections.append(made)
    return made


def asked(home: HomeUnderTest, tenant: TenantId, step: Request) -> tuple[int, Any]:
    reply = home.kit.call(step.method, step.url, step.body, token=home.kit.token(tenant, "tenant-admin"))
    return reply.status, reply.json["version"] if reply.status < 300 and "version" in (reply.document or {}) else None


def searched(home: HomeUnderTest, tenant: TenantId, query: str) -> list[dict[str, Any]]:
    """All pages of a search, without times."""
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        url = f"/api/v1/search?{query}&limit=2{cursor and f'&cursor={cursor}'}"
        reply = home.kit.call("GET", url, token=home.kit.token(tenant, "tenant-admin"))
        assert reply.status == 200, reply.text
        found += [{**item, "created_at": "", "updated_at": ""} for item in reply.json["items"]]
        cursor = reply.json["next_cursor"]
    return found


@IN_TURN
@settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    steps=st.lists(st.one_of(_writes, _moves), min_size=4, max_size=12),
    shuffling=st.randoms(use_true_random=False),
    woken_last=st.booleans(),
)
def test_a_search_of_the_copy_answers_as_one_of_the_tables(
    homes: list[HomeUnderTest], steps: list[Request], shuffling: Random, woken_last: bool
) -> None:
    name = f"tenant-{next(_examples)}"
    tables, aws = homes
    assert isinstance(aws, DynamoHome)
    own, copied = tables.tenant(name), Copied(aws, aws.tenant(name), as_projector(aws))
    for step in [*_FIRST, *steps]:
        assert asked(tables, own, step) == asked(aws, copied.tenant, step), step
        copied.note()
    copied.come_to_rest(shuffling, woken_last=woken_last)
    for query in (
        "q=pinecone",
        "q=e co&kind=secret",
        "q=pinecone&namespace=vectors/*&tag=team:core",
        "q=keys pine&tag=team",
    ):
        assert searched(tables, own, query) == searched(aws, copied.tenant, query)
