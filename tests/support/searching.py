"""What stands where somebody looks for it by name, in either family."""

from typing import Any

from llm_config.operations.names.sweep_names import SWEEP_NAMES
from llm_config_domain.name_index import IndexedMetadata, NameQuery
from llm_config_domain.names import TenantId
from tests.support.families import HomeUnderTest
from tests.support.sweeping import OLD_SECONDS, sweep


def bring_names(home: HomeUnderTest) -> None:
    """Everything that was changed until now is in the index."""
    home.clock.step(OLD_SECONDS)
    assert sweep(home, SWEEP_NAMES)


def found(home: HomeUnderTest, tenant: TenantId, *words: str, **query: Any) -> list[IndexedMetadata]:
    return list(home.provide("name_index").search(tenant, NameQuery(words, **query), None, 1000))


def places(entries: list[IndexedMetadata]) -> list[str]:
    """`kind path environment` of each."""
    return [" ".join((one.indexed.kind, one.indexed.name.path, one.indexed.name.environment)) for one in entries]
