"""What a request can reach beside the ports of its operation's signature."""

from dataclasses import replace

from llm_config.operations.catalog import OPERATIONS
from llm_config.operations.events.publish_changes import PUBLISH_CHANGES
from llm_config.operations.events.sweep_journal import SWEEP_JOURNAL
from llm_config.operations.needs import CREDENTIAL, DOOR, LINE, RECEIPT, needs_of
from llm_config.operations.operation import Recorded

BY_NAME = {operation.name: operation for operation in OPERATIONS}


def test_a_request_with_a_credential_reaches_what_checks_it_and_what_records_it() -> None:
    assert needs_of(BY_NAME["get_config"]) == LINE | CREDENTIAL | DOOR | RECEIPT | {"config_reader"}


def test_a_public_route_asks_for_no_credential_and_no_record() -> None:
    assert needs_of(BY_NAME["check_live"]) == LINE
    assert needs_of(BY_NAME["check_ready"]) == LINE | {"health_probe"}


def test_a_task_is_asked_for_no_credential() -> None:
    told = LINE | {"event_bus", "journal_marks.move"}
    assert needs_of(PUBLISH_CHANGES) == told
    assert needs_of(replace(PUBLISH_CHANGES, recorded=Recorded.BEFORE_RELEASE)) == told | DOOR


def test_what_is_asked_for_at_set_times_needs_its_ports_alone() -> None:
    assert needs_of(SWEEP_JOURNAL) == LINE | {"clock", "event_bus", "journal_lines", "journal_marks"}


def test_only_an_operation_that_names_a_tenant_asks_whose_it_is() -> None:
    assert "tenant_reader" in needs_of(BY_NAME["create_tenant"])
    assert "tenant_reader" not in needs_of(BY_NAME["put_config"])
