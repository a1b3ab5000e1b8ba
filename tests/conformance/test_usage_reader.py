"""ports/usage_reader.py, promise by promise."""

from llm_config_domain.names import TenantId
from tests.conformance.test_usage_writer import ONE, OTHER, report
from tests.support.families import HomeUnderTest
from tests.support.samples import name_of


def test_what_nobody_reported_is_nothing_and_names_are_strangers(home: HomeUnderTest, acme: TenantId) -> None:
    reader, writer = home.provide("usage_reader"), home.provide("usage_writer")
    writer.add(name_of(acme), report("a"))
    for name in (
        name_of(acme, "gateway/primary-2"),
        name_of(acme, environment="staging"),
        name_of(home.tenant("globex")),
    ):
        assert list(reader.of(name, ONE)) == []
    assert list(reader.of(name_of(acme), OTHER)) == []
