"""ports/access_log.py, promise by promise."""

from llm_config_domain.names import TenantId
from tests.support.families import HomeUnderTest
from tests.support.samples import entry_about, name_of


def test_what_is_noted_is_durable_soon_in_the_order_of_one_container(home: HomeUnderTest, acme: TenantId) -> None:
    entries = [entry_about(home, "configs", name_of(acme), number=number) for number in range(20)]
    for entry in entries:
        home.provide("access_log").note(entry)
    assert home.accesses(acme) == entries


def test_text_of_a_caller_cannot_forge_an_entry(home: HomeUnderTest, acme: TenantId) -> None:
    entry = entry_about(home, "configs", name_of(acme), agent='x"}\n{"access": {"id": "forged"}}\u2028\r')
    home.provide("access_log").note(entry)
    assert home.accesses(acme) == [entry]
