"""DynamoDB failing: what is told, what is repeated, and what is never mistaken for something else."""

from collections.abc import Callable
from typing import Any

import pytest

from llm_config.adapters.dynamodb import keys
from llm_config_domain.errors import Contended, PreconditionFailed, Unavailable
from llm_config_domain.names import TenantId
from llm_config_domain.versions import Preconditions
from tests.support.aws import PREFIX, Fault
from tests.support.families import DynamoHome
from tests.support.faults import FAILURES, cancelled, deaf, failing_once, silent
from tests.support.samples import create_tenant, entry_about, name_of, new_tenant, promise, put_config, put_secret

BATCH_GET, QUERY, GET = "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:GetItem"
PUT, TRANSACT = "dynamodb:PutItem", "dynamodb:TransactWriteItems"


@pytest.mark.parametrize("fault", FAILURES)
@pytest.mark.parametrize("operation", [BATCH_GET, QUERY])
def test_a_read_that_fails_is_unavailable_and_never_absence(
    aws_home: DynamoHome, acme: TenantId, operation: str, fault: Fault
) -> None:
    put_config(aws_home, name_of(acme))
    aws_home.account.faults[operation] = fault
    with pytest.raises(Unavailable):
        aws_home.provide("config_reader").layers(acme, "gateway", "primary")


@pytest.mark.parametrize("fault", FAILURES)
def test_the_platforms_layer_that_cannot_be_read_fails_the_resolve(
    aws_home: DynamoHome, acme: TenantId, fault: Fault
) -> None:
    put_config(aws_home, name_of(acme))
    put_config(aws_home, name_of(TenantId("0" * 26), environment="global"))
    asked = []

    def second_query(call: Callable[[], Any]) -> Any:
        asked.append(1)
        return call() if len(asked) == 1 else fault(call)

    aws_home.account.faults[QUERY] = second_query
    with pytest.raises(Unavailable):
        aws_home.provide("config_reader").layers(acme, "gateway", "primary")


@pytest.mark.parametrize("fault", FAILURES)
def test_every_other_read_that_fails_is_unavailable(aws_home: DynamoHome, acme: TenantId, fault: Fault) -> None:
    put_secret(aws_home, name_of(acme))
    aws_home.account.faults |= {BATCH_GET: fault, GET: fault}
    for read in (
        lambda: aws_home.provide("config_reader").entry(name_of(acme)),
        lambda: aws_home.provide("secret_reader").entry(name_of(acme)),
        lambda: aws_home.provide("tenant_reader").by_id(acme),
        lambda: aws_home.provide("tenant_reader").by_name("acme"),
        lambda: aws_home.provide("health_probe").check(),
        lambda: put_config(aws_home, name_of(acme)),
    ):
        with pytest.raises(Unavailable):
            read()


@pytest.mark.parametrize("fault", FAILURES)
def test_a_write_that_fails_leaves_nothing(aws_home: DynamoHome, acme: TenantId, fault: Fault) -> None:
    aws_home.account.faults[TRANSACT] = fault
    for write in (put_config, put_secret):
        with pytest.raises(Unavailable):
            write(aws_home, name_of(acme))
    with pytest.raises(Unavailable):
        create_tenant(aws_home, new_tenant(aws_home, "globex"))
    aws_home.account.faults.clear()
    assert aws_home.changes(acme) == []
    assert put_config(aws_home, name_of(acme)).version.version == 1
    assert create_tenant(aws_home, new_tenant(aws_home, "globex")).replayed is False


@pytest.mark.parametrize("kind", ["configs", "secrets", "tenants"])
def test_a_write_whose_answer_was_lost_is_proved_by_its_own_record(
    aws_home: DynamoHome, acme: TenantId, kind: str
) -> None:
    aws_home.account.faults[TRANSACT] = deaf
    if kind == "tenants":
        tenant = create_tenant(aws_home, new_tenant(aws_home, "globex")).version
        assert aws_home.provide("tenant_reader").by_name("globex") == tenant
        return
    done = (put_config if kind == "configs" else put_secret)(aws_home, name_of(acme))
    assert (done.version.version, done.replayed) == (1, False)
    assert len(aws_home.changes(acme)) == 1


def test_a_write_whose_answer_and_proof_were_lost_is_unavailable_and_its_repetition_a_replay(
    aws_home: DynamoHome, acme: TenantId
) -> None:
    aws_home.account.faults |= {TRANSACT: deaf, GET: silent}
    with pytest.raises(Unavailable):
        put_config(aws_home, name_of(acme), idempotency=promise(acme, "k"))
    aws_home.account.faults.clear()
    again = put_config(aws_home, name_of(acme), idempotency=promise(acme, "k"))
    assert (again.version.version, again.replayed) == (1, True)


def test_a_conflict_of_transactions_is_tried_again(aws_home: DynamoHome, acme: TenantId) -> None:
    aws_home.account.faults[TRANSACT] = failing_once(cancelled("None", "None", "TransactionConflict", "None"))
    assert put_config(aws_home, name_of(acme)).version.version == 1
    assert len(aws_home.changes(acme)) == 1


def test_a_throttled_transaction_is_unavailable_and_not_contended(aws_home: DynamoHome, acme: TenantId) -> None:
    aws_home.account.faults[TRANSACT] = cancelled("ThrottlingError", "None", "None", "None")
    with pytest.raises(Unavailable) as refusal:
        put_config(aws_home, name_of(acme))
    assert refusal.type is Unavailable


@pytest.mark.parametrize("kind", ["configs", "secrets", "tenants"])
def test_who_never_wins_is_contended_when_the_time_is_up(aws_home: DynamoHome, acme: TenantId, kind: str) -> None:
    aws_home.account.faults[TRANSACT] = cancelled("ConditionalCheckFailed", "None", "None", "None")
    aws_home.clock.hasten(seconds=2)
    with pytest.raises(Contended):
        if kind == "tenants":
            create_tenant(aws_home, new_tenant(aws_home, "globex"))
        else:
            (put_config if kind == "configs" else put_secret)(aws_home, name_of(acme))


def test_who_loses_only_the_revision_seals_once(aws_home: DynamoHome, acme: TenantId) -> None:
    aws_home.account.faults[TRANSACT] = failing_once(cancelled("None", "None", "ConditionalCheckFailed", "None"))
    with aws_home.account.counted() as calls:
        assert put_secret(aws_home, name_of(acme)).version.version == 1
    assert (calls["kms:GenerateDataKey"], calls[TRANSACT]) == (1, 2)


def test_who_loses_the_head_checks_its_preconditions_again(aws_home: DynamoHome, acme: TenantId) -> None:
    put_config(aws_home, name_of(acme))

    def overtaken(call: Callable[[], Any]) -> Any:
        aws_home.account.faults.clear()
        put_config(aws_home, name_of(acme), "2")
        return call()

    aws_home.account.faults[TRANSACT] = overtaken
    with pytest.raises(PreconditionFailed):
        put_config(aws_home, name_of(acme), "3", preconditions=Preconditions(if_match='"1"'))
    assert len(aws_home.changes(acme)) == 2


def test_an_answer_may_be_newer_than_its_label_never_older(aws_home: DynamoHome, acme: TenantId) -> None:
    put_config(aws_home, name_of(acme))

    def overtaken(call: Callable[[], Any]) -> Any:
        aws_home.account.faults.clear()
        put_config(aws_home, name_of(acme), "2")
        return call()

    aws_home.account.faults[QUERY] = overtaken
    layers = aws_home.provide("config_reader").layers(acme, "gateway", "primary")
    assert (layers.revision, layers.tenant["production"].revision) == (1, 2)


def test_keys_that_were_not_processed_are_asked_for_again(aws_home: DynamoHome, acme: TenantId) -> None:
    done = put_config(aws_home, name_of(acme)).version
    unprocessed: list[Any] = []

    def partial(params: Any, **_: Any) -> None:
        """Ask for the first table only, and say that the others were not processed."""
        if not unprocessed:
            unprocessed.append({name: params["RequestItems"].pop(name) for name in list(params["RequestItems"])[1:]})

    def told(parsed: Any, **_: Any) -> None:
        if unprocessed and unprocessed[0]:
            parsed["UnprocessedKeys"] = unprocessed[0]
            unprocessed[0] = None

    events = aws_home.account.client("dynamodb").meta.events
    events.register("provide-client-params.dynamodb.BatchGetItem", partial)
    events.register("after-call.dynamodb.BatchGetItem", told)
    try:
        assert aws_home.provide("config_reader").entry(name_of(acme)) == done
    finally:
        events.unregister("provide-client-params.dynamodb.BatchGetItem", partial)
        events.unregister("after-call.dynamodb.BatchGetItem", told)


def test_keys_that_are_never_processed_are_unavailable(aws_home: DynamoHome, acme: TenantId) -> None:
    def told(parsed: Any, **_: Any) -> None:
        key = keys.tenant(acme)
        wanted = {"Keys": [{"pk": {"S": key.pk}, "sk": {"S": key.sk}}]}
        parsed["UnprocessedKeys"] = {f"{PREFIX}control": wanted}

    events = aws_home.account.client("dynamodb").meta.events
    events.register("after-call.dynamodb.BatchGetItem", told)
    try:
        with pytest.raises(Unavailable):
            aws_home.provide("config_reader").entry(name_of(acme))
    finally:
        events.unregister("after-call.dynamodb.BatchGetItem", told)


def test_an_answer_in_pages_is_read_to_its_end(aws_home: DynamoHome, acme: TenantId) -> None:
    for environment in ("global", "development", "staging", "production"):
        put_config(aws_home, name_of(acme, environment=environment))

    def one_a_page(params: Any, **_: Any) -> None:
        params["Limit"] = 1

    events = aws_home.account.client("dynamodb").meta.events
    events.register("provide-client-params.dynamodb.Query", one_a_page)
    try:
        assert len(aws_home.provide("config_reader").layers(acme, "gateway", "primary").tenant) == 4
    finally:
        events.unregister("provide-client-params.dynamodb.Query", one_a_page)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("fault", FAILURES)
def test_what_cannot_be_recorded_is_unavailable(aws_home: DynamoHome, acme: TenantId, count: int, fault: Fault) -> None:
    aws_home.account.faults |= {PUT: fault, TRANSACT: fault}
    with pytest.raises(Unavailable):
        aws_home.provide("journal").append([entry_about(aws_home, "secrets", name_of(acme)) for _ in range(count)])


def test_an_entry_that_is_put_twice_after_a_lost_answer_is_recorded_once(aws_home: DynamoHome, acme: TenantId) -> None:
    entry = entry_about(aws_home, "secrets", name_of(acme))

    def twice(call: Callable[[], Any]) -> Any:
        call()
        return call()

    aws_home.account.faults[PUT] = twice
    aws_home.provide("journal").append([entry])
    assert aws_home.accesses(acme) == [entry]
