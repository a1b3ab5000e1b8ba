"""Equal steps on both families get equal answers, but for ids and times: what one home does, the other does."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, is_dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from llm_config_domain.errors import Refusal
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.names import Name, TenantId
from llm_config_domain.versions import Preconditions
from tests.support.families import FAMILIES, HomeUnderTest
from tests.support.samples import create_tenant, name_of, new_tenant, promise, put_config, put_secret

PATHS = ["gateway/primary", "gateway/primary.x", "gateway/deep/primary"]
ENVIRONMENTS = ["global", "production"]
VALUES = ["1", '{"n":1.10}', '"' + "é" * 20_000 + '"']
KEYS = [None, None, "k", "k#1"]
PRECONDITIONS = [
    *[Preconditions()] * 3,
    Preconditions(if_match='"1"'),
    Preconditions(if_match="*"),
    Preconditions(if_none_match="*"),
    Preconditions(must_be_new=True),
]
TIMES = ("at", "created_at", "updated_at", "committed_at")
_examples = count()


@dataclass
class Side:
    """One home, the tenants of this example in it, and its ids in the order in which they turned up."""

    home: HomeUnderTest
    tenants: list[TenantId]
    ids: dict[str, int] = field(default_factory=dict)

    def name(self, where: tuple[int, int, int]) -> Name:
        tenant, path, environment = where
        return name_of(self.tenants[tenant], PATHS[path], ENVIRONMENTS[environment])

    def promise(self, name: Name, key: str | None, *body: Any) -> Idempotency | None:
        said = repr((name.path, name.environment, *body)).encode()
        return promise(name.tenant, key, said, operation=str(body[0])) if key else None

    def told(self, value: Any) -> Any:
        """`value` as the other side must tell it too."""
        if is_dataclass(value) and not isinstance(value, type):
            return self.told(asdict(value))
        if isinstance(value, dict):
            return {self.told(name): self._member(name, told) for name, told in value.items() if name not in TIMES}
        if isinstance(value, list | tuple):
            return [self.told(one) for one in value]
        return self.ids[value] if isinstance(value, str) and value in self.ids else value

    def _member(self, name: Any, value: Any) -> Any:
        if name in ("id", "version_id", "tenant") and isinstance(value, str) and "/" not in value:
            return self.ids.setdefault(value, len(self.ids))
        return "sealed" if name == "sealed" else self.told(value)


Step = Callable[[Side], Any]
_places = st.tuples(st.integers(0, 1), st.integers(0, len(PATHS) - 1), st.integers(0, len(ENVIRONMENTS) - 1))
_versions = st.sampled_from([None, None, 1, 2, 9])


def _put(kind: str, where: tuple[int, int, int], value: str, preconditions: Preconditions, key: str | None) -> Step:
    def step(side: Side) -> Any:
        name = side.name(where)
        idempotency = side.promise(name, key, f"put_{kind}", value)
        if kind == "config":
            return put_config(side.home, name, value, preconditions=preconditions, idempotency=idempotency)
        return put_secret(side.home, name, value.encode(), preconditions=preconditions, idempotency=idempotency)

    return step


def _get_config(where: tuple[int, int, int], version: int | None) -> Step:
    return lambda side: side.home.provide("config_reader").entry(side.name(where), version)


def _get_secret(where: tuple[int, int, int], version: int | None) -> Step:
    def step(side: Side) -> Any:
        name = side.name(where)
        found = side.home.provide("secret_reader").entry(name, version)
        return found, side.home.provide("unsealer").unseal(name, found.version, found.sealed).reveal

    return step


def _layers(where: tuple[int, int, int]) -> Step:
    def step(side: Side) -> Any:
        name = side.name(where)
        return side.home.provide("config_reader").layers(name.tenant, name.namespace, name.key)

    return step


def _pass(seconds: int) -> Step:
    return lambda side: side.home.clock.step(seconds)


_steps = st.one_of(
    st.builds(
        _put,
        st.sampled_from(["config", "secret"]),
        _places,
        st.sampled_from(VALUES),
        st.sampled_from(PRECONDITIONS),
        st.sampled_from(KEYS),
    ),
    st.builds(_get_config, _places, _versions),
    st.builds(_get_secret, _places, _versions),
    st.builds(_layers, _places),
    st.builds(_pass, st.sampled_from([-3600, 13 * 3600])),
)


def _outcome(side: Side, step: Step) -> Any:
    try:
        return side.told(step(side))
    except Refusal as refusal:
        return refusal.kind, refusal.detail


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[HomeUnderTest]]:
    with ExitStack() as stack:
        yield [stack.enter_context(family(_directory(tmp_path_factory), str)) for family in FAMILIES.values()]


def _directory(factory: pytest.TempPathFactory) -> Path:
    return factory.mktemp("home")


def _sides(homes: list[HomeUnderTest]) -> list[Side]:
    example = next(_examples)
    names = [f"tenant-{example}-{number}" for number in range(2)]
    return [Side(home, [home.tenant(name) for name in names]) for home in homes]


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(_steps, min_size=8, max_size=20))
def test_equal_steps_get_equal_answers_and_leave_equal_records(homes: list[HomeUnderTest], steps: list[Step]) -> None:
    first, second = _sides(homes)
    for step in steps:
        assert _outcome(first, step) == _outcome(second, step)
    for tenant in range(2):
        left, right = (
            [(entry.event_type, side.told(dict(entry.metadata))) for entry in side.home.changes(side.tenants[tenant])]
            for side in (first, second)
        )
        assert left == right


@settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    asked=st.lists(st.tuples(st.integers(0, 2), st.sampled_from([None, "k"])), min_size=2, max_size=6),
)
def test_equal_tenants_are_made_and_refused(homes: list[HomeUnderTest], asked: list[tuple[int, str | None]]) -> None:
    first, second = _sides(homes)
    example = next(_examples)
    for number, key in asked:
        name = f"made-{example}-{number}"

        def step(side: Side, name: str = name, key: str | None = key) -> Any:
            idempotency = promise(side.tenants[0], key, name.encode(), "create_tenant") if key else None
            done = create_tenant(side.home, new_tenant(side.home, name), idempotency)
            return done.replayed, done.version.name, side.home.provide("tenant_reader").by_name(name).id

        left, right = _outcome(first, step), _outcome(second, step)
        assert left[:2] == right[:2]
