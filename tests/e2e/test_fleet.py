"""The fleet's view, and a watch that keeps it."""

import pytest

from llm_config_client import Client
from llm_config_domain.errors import Malformed
from tests.e2e.deployments import settled


def test_who_reports_is_current_until_something_changes(client: Client, space: str) -> None:
    revision = client.put_config(f"{space}/a", 1, environment="production").revision
    item = {"namespace": space, "environment": "production", "revision": revision}
    assert client.report_fleet("gateway", "i-1", [item]).report_again_seconds == 60
    assert client.get_fleet(namespace=space).converged
    client.put_config(f"{space}/a", 2, environment="production")
    told = client.get_fleet(namespace=space, environment="production")
    assert (told.converged, told.behind, told.items[0].current_revision) == (False, 1, revision + 1)
    with pytest.raises(Malformed):
        client.report_fleet("no service", "i-1", [item])


def test_a_watch_is_told_what_changes_and_tells_that_it_has_it(client: Client, space: str) -> None:
    client.put_config(f"{space}/a", 1, environment="production")
    watching = client.watch(space, environment="production", service="gateway", instance="i-1")
    assert [change.value for change in next(watching).changes] == [1]
    client.put_config(f"{space}/a", 2, environment="production")
    assert [change.value for change in next(watching).changes] == [2]
    settled(lambda: client.get_fleet(namespace=space).total == 1, "nobody reported")
