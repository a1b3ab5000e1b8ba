"""ports/usage_writer.py, promise by promise."""

from concurrent.futures import ThreadPoolExecutor

from llm_config_domain.names import TenantId
from llm_config_domain.rotation.evidence import Usage
from tests.support.families import HomeUnderTest
from tests.support.samples import name_of

ONE, OTHER = "01ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FAW"


def report(service: str, version_id: str = ONE, uses: int = 1, errors: int = 0, at: str = "2026-01-01") -> Usage:
    return Usage(service=service, version_id=version_id, uses=uses, errors=errors, reported_at=at)


def test_reports_add_up_by_service_and_version(home: HomeUnderTest, acme: TenantId) -> None:
    reader, writer = home.provide("usage_reader"), home.provide("usage_writer")
    name = name_of(acme)
    for one in (report("a", uses=5), report("a", uses=2, errors=1, at="2026-01-02"), report("b"), report("a", OTHER)):
        writer.add(name, one)
    assert sorted(reader.of(name, ONE), key=lambda usage: usage.service) == [
        report("a", uses=7, errors=1, at="2026-01-02"),
        report("b"),
    ]
    assert list(reader.of(name, OTHER)) == [report("a", OTHER)]


def test_no_report_of_eight_at_once_is_lost(home: HomeUnderTest, acme: TenantId) -> None:
    reader, writer = home.provide("usage_reader"), home.provide("usage_writer")
    name = name_of(acme)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: writer.add(name, report("a")), range(16)))
    assert [usage.uses for usage in reader.of(name, ONE)] == [16]
