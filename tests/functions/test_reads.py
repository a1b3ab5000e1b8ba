"""What a function on AWS prints of a read, from its line to a proof in the tenant's tree; and what is told of a line that never
came. Lines are the functions' own, the database is a real PostgreSQL."""

import io
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from llm_config.adapters.log_stream.lines import access_in
from llm_config.operations.audit import read_gaps
from llm_config.operations.audit.append_reads import APPEND_READS
from llm_config.operations.audit.sweep_audit import SWEEP_AUDIT
from llm_config.runtime.logs import logs
from llm_config.runtime.ticks import schedule
from llm_config_domain.audit import tree
from llm_config_domain.audit.leaves import leaf_of
from llm_config_domain.errors import Unavailable
from llm_config_domain.names import PLATFORM, TenantId
from tests.support.asks import ACME, GET_CONFIG, PUT_CONFIG, RESOLVE, Ask
from tests.support.aws import AwsKit, on_aws
from tests.support.aws_calls import GET, PUT, QUERY
from tests.support.emf import measurements
from tests.support.entries import numbered
from tests.support.log_batches import brought_again, sent
from tests.support.nets import EVERY_OTHER
from tests.support.permissions import refused, watched
from tests.support.postgres import function_of

EVER = "from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z"
PATIENCE = read_gaps.PATIENCE.total_seconds()


@pytest.fixture
def kit(tmp_path: Path) -> Iterator[AwsKit]:
    with on_aws(tmp_path) as kit:
        kit.tenant("acme", ACME)
        ask(kit, PUT_CONFIG)
        yield kit


@pytest.fixture
def audit(kit: AwsKit) -> AwsKit:
    """The container of the function that appends."""
    return kit.another_container()


def ask(kit: AwsKit, one: Ask) -> Any:
    reply = kit.call(one.method, one.url, one.body, token=kit.token(one.by, one.role))
    assert reply.status == one.status
    return reply.json


def printed(work: Callable[[], Any]) -> list[str]:
    """The lines of what runs meanwhile."""
    with redirect_stdout(io.StringIO()) as out:
        work()
    return out.getvalue().splitlines()


def reads(kit: AwsKit, *asks: Ask) -> list[str]:
    return printed(lambda: [ask(kit, one) for one in asks])


def deliver(kit: AwsKit, lines: Sequence[str], through: Callable[[Any], Any] = lambda event: event) -> None:
    own = printed(lambda: logs(APPEND_READS, kit.provide)(through(sent(lines)), None))
    assert not [line for line in own if access_in(json.loads(line))], "what is said of accesses is none"


def sweep(kit: AwsKit) -> None:
    assert schedule(SWEEP_AUDIT, kit.provide)({}, None)["ran"]


def listed(kit: AwsKit, event_type: str, by: TenantId = ACME, role: str = "tenant-admin") -> list[dict[str, Any]]:
    found = ask(kit, Ask("GET", f"/api/v1/audit-entries?{EVER}&event_type={event_type}&limit=1000", by=by, role=role))
    items: list[dict[str, Any]] = found["items"]
    return items


def gaps(kit: AwsKit) -> list[tuple[int, int]]:
    """Oldest first."""
    found = [entry["metadata"] for entry in listed(kit, "audit.gap", PLATFORM, "global-admin")]
    return [(told["first"], told["last"]) for told in reversed(found)]


def proved(kit: AwsKit, entry: dict[str, Any], by: TenantId = ACME, role: str = "tenant-admin") -> bool:
    told = ask(kit, Ask("GET", f"/api/v1/audit-proofs/{entry['id']}", by=by, role=role))
    root, hashes = bytes.fromhex(told["checkpoint"]["root_hash"]), [bytes.fromhex(one) for one in told["hashes"]]
    size = told["checkpoint"]["tree_size"]
    return told["entry"] == entry and tree.includes(leaf_of(entry), told["leaf_index"], size, hashes, root)


@pytest.mark.parametrize(("one", "event_type"), [(GET_CONFIG, "config.read"), (RESOLVE, "config.resolved")])
def test_a_read_is_found_and_proved_once_its_line_was_brought(
    kit: AwsKit, audit: AwsKit, one: Ask, event_type: str
) -> None:
    lines = reads(kit, one)
    assert listed(kit, event_type) == []
    deliver(audit, lines)
    (entry,) = listed(kit, event_type)
    assert (entry["tenant"], entry["resource"]["id"], entry["result"]["status"]) == (ACME, "gateway/primary", "success")
    assert entry["actor"]["id"].startswith("subject:")
    assert proved(kit, entry)


def test_a_refusal_and_a_failed_login_come_by_the_same_way(kit: AwsKit, audit: AwsKit) -> None:
    absent = Ask("GET", GET_CONFIG.url.replace("primary", "absent"), status=404)
    lines = reads(kit, absent)
    lines += printed(lambda: kit.call("GET", GET_CONFIG.url, token="no.such.token"))
    deliver(audit, lines)
    (failed,) = listed(kit, "config.read")
    assert (failed["result"]["status"], failed["metadata"]["kind"]) == ("failure", "not_found")
    (login,) = listed(kit, "authentication.failed", PLATFORM, "global-admin")
    assert proved(kit, login, PLATFORM, "global-admin")


def test_what_comes_twice_and_in_another_order_does_nothing(kit: AwsKit, audit: AwsKit) -> None:
    lines = reads(kit, *[GET_CONFIG] * 4)
    deliver(audit, lines[2:])
    deliver(audit, lines[::-1])
    deliver(audit.another_container(), lines, brought_again)
    kit.clock.step(PATIENCE + 1)
    sweep(audit)
    assert len(listed(kit, "config.read")) == 4 and gaps(kit) == []


def test_a_line_that_never_came_is_told_after_the_bound_and_once(kit: AwsKit, audit: AwsKit) -> None:
    lines = reads(kit, *[GET_CONFIG] * 5)
    deliver(audit, [lines[0], lines[4]])
    kit.clock.step(PATIENCE - 300)
    sweep(audit)
    assert gaps(kit) == []
    kit.clock.step(301)
    for _ in range(2):
        sweep(audit)
        sweep(audit.another_container())
    assert gaps(kit) == [(2, 4)]
    (told,) = listed(kit, "audit.gap", PLATFORM, "global-admin")
    first, last = (access_in(json.loads(lines[number])) for number in (0, 4))
    assert first and last
    assert told["metadata"] == {
        "lost": 3,
        "container": first.container,
        "first": 2,
        "last": 4,
        "after": first.entry.at,
        "before": last.entry.at,
    }
    assert proved(kit, told, PLATFORM, "global-admin")
    assert listed(kit, "audit.gap") == [], "whose it was, nobody knows"


def test_what_was_lost_is_counted_where_an_alarm_sees_it_and_once(kit: AwsKit, audit: AwsKit) -> None:
    lines = reads(kit, *[GET_CONFIG] * 7)
    deliver(audit, [lines[0], lines[2], lines[6]])
    kit.clock.step(PATIENCE + 1)
    told = [printed(lambda: sweep(audit)) for _ in range(2)]
    counted = [
        (each.namespace, each.dimensions, each.values, each.unit)
        for (line,) in told
        for each in measurements(line)
        if each.name == "lost_accesses_total"
    ]
    assert counted == [("llm_config", (("operation", "sweep_audit"),), (4.0,), "Count")]


def test_a_line_that_comes_after_its_gap_was_told_is_a_leaf_all_the_same(kit: AwsKit, audit: AwsKit) -> None:
    lines = reads(kit, *[GET_CONFIG] * 4)
    deliver(audit, [lines[0], lines[3]])
    kit.clock.step(PATIENCE + 1)
    sweep(audit)
    deliver(audit, lines[1:2])
    kit.clock.step(PATIENCE + 1)
    sweep(audit)
    assert len(listed(kit, "config.read")) == 3 and gaps(kit) == [(2, 3)]


def test_containers_count_for_themselves(kit: AwsKit, audit: AwsKit) -> None:
    mine, others = reads(kit, *[GET_CONFIG] * 3), reads(kit.another_container(), *[GET_CONFIG] * 3)
    deliver(audit, [*mine, others[0], others[2]])
    kit.clock.step(PATIENCE + 1)
    sweep(audit)
    assert gaps(kit) == [(2, 2)] and len(listed(kit, "config.read")) == 5


class Stops:
    """Stands before an appender or the numbers: a method of it fails, before or behind what it does."""

    def __init__(self, port: Any, method: str, *, behind: bool) -> None:
        self._port, self._method, self._behind = port, method, behind

    def __getattr__(self, name: str) -> Any:
        if name != self._method:
            return getattr(self._port, name)

        def stops(*told: Any) -> None:
            if self._behind:
                getattr(self._port, name)(*told)
            raise Unavailable("it stopped here")

        return stops


POINTS = [("audit_appender", "append"), ("read_numbers", "hear"), ("read_numbers", "overdue"), ("read_numbers", "told")]


@pytest.mark.parametrize("behind", [False, True], ids=["before", "behind"])
@pytest.mark.parametrize(("port", "method"), POINTS, ids=[f"crash: append_reads at {one[1]}" for one in POINTS])
def test_wherever_it_stops_each_leaf_and_each_gap_is_there_once_in_the_end(
    kit: AwsKit, audit: AwsKit, port: str, method: str, *, behind: bool
) -> None:
    lines, stopping = reads(kit, *[GET_CONFIG] * 4), audit.another_container()
    stopping.factories[port] = lambda: Stops(audit.provide(port), method, behind=behind)
    taken = [lines[0], lines[3]]
    if method in ("append", "hear"):
        with pytest.raises(Unavailable):
            deliver(stopping, taken)
    deliver(audit, taken)
    kit.clock.step(PATIENCE + 1)
    schedule(SWEEP_AUDIT, stopping.provide)({}, None)
    deliver(audit, lines[1:2])  # what comes meanwhile changes no gap that may be told already
    for _ in range(2):
        sweep(audit)
    told = gaps(kit)
    assert told in ([(2, 3)], [(3, 3)]) and (told == [(2, 3)] or (method == "overdue" and not behind))
    assert len(listed(kit, "config.read")) == 3


def test_while_the_database_does_not_answer_lines_wait_and_reads_go_on(kit: AwsKit, audit: AwsKit) -> None:
    away = audit.another_container()
    away.factories["audit_appender"] = lambda: Stops(audit.provide("audit_appender"), "append", behind=False)
    lines = reads(kit, GET_CONFIG)
    with pytest.raises(Unavailable):
        deliver(away, lines)
    deliver(audit, lines, brought_again)
    assert len(listed(kit, "config.read")) == 1


def test_a_row_that_nobody_can_read_keeps_no_gap_from_being_told(kit: AwsKit, audit: AwsKit) -> None:
    lines = reads(kit, *[GET_CONFIG] * 3)
    deliver(audit, [lines[0], lines[2]])
    kit.clock.step(PATIENCE + 1)
    audit.factories["journal_marks"] = lambda: Stops(kit.provide("journal_marks"), "stopped_at", behind=False)
    assert not schedule(SWEEP_AUDIT, audit.provide)({}, None)["ran"]
    assert gaps(kit) == [(2, 2)]


def test_the_numbers_are_the_platforms_and_no_tenant_sees_them(kit: AwsKit, audit: AwsKit) -> None:
    lines = reads(kit, *[GET_CONFIG] * 3)
    deliver(audit, [lines[0], lines[2]])
    for table in ("audit_containers", "audit_gaps"):
        for tenant, rows in ((PLATFORM, 1), (ACME, 0), ("", 0)):
            with psycopg.connect(function_of(kit.account.database())) as db:
                db.execute("SELECT set_config('app.tenant_id', %s, true)", (tenant,))
                told = db.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
            assert told == (rows,), (table, tenant)


def test_it_asks_nothing_of_aws_but_its_database_and_the_sweep_no_more_than_before(kit: AwsKit, audit: AwsKit) -> None:
    lines = reads(kit, GET_CONFIG)
    with kit.account.counted() as calls, watched(kit.account) as asked:
        deliver(audit, lines)
    assert calls == {} and not refused(APPEND_READS, asked)
    deliver(audit, reads(kit, GET_CONFIG, GET_CONFIG)[1:])
    kit.clock.step(PATIENCE + 1)
    for _ in range(3):  # with changes to be brought and a gap to be told, and without
        with kit.account.counted() as calls, watched(kit.account) as asked:
            sweep(audit)
        assert not refused(SWEEP_AUDIT, asked)
    assert calls == {GET: 4, QUERY: 7, PUT: 1} and gaps(kit) == [(2, 2)]


@EVERY_OTHER
@given(
    delivered=st.lists(st.lists(st.integers(1, 12), min_size=1, max_size=6), min_size=1, max_size=6),
    swept=st.sets(st.integers(0, 5)),
)
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_lost_doubled_and_out_of_order_each_number_is_a_leaf_or_in_one_gap(
    kit: AwsKit, audit: AwsKit, delivered: list[list[int]], swept: set[int]
) -> None:
    """Batches of a container's twelve lines; after some of them so much time passes that what is missing is told."""
    lines = reads(kit.another_container(), *[GET_CONFIG] * 12)
    container, came, missing = json.loads(lines[0])["container"], set[int](), set[int]()
    for step, batch in enumerate(delivered):
        deliver(audit, [lines[number - 1] for number in batch])
        came |= set(batch)
        if step in swept or step == len(delivered) - 1:
            kit.clock.step(PATIENCE + 1)
            sweep(audit)
            missing |= set(range(1, max(came))) - came
    leaves = [entry["id"] for entry in listed(kit, "config.read")]
    ids = {number: json.loads(line)["access"]["id"] for number, line in enumerate(lines, 1)}
    assert {number for number, entry_id in ids.items() if entry_id in leaves} == came
    assert len(leaves) == len(set(leaves))
    told = [one["metadata"] for one in listed(kit, "audit.gap", PLATFORM, "global-admin")]
    ranges = [range(gap["first"], gap["last"] + 1) for gap in told if gap["container"] == container]
    assert sorted(number for one in ranges for number in one) == sorted(missing), "each is told, and once"


def test_an_entry_that_the_stream_brings_too_is_one_leaf(kit: AwsKit, audit: AwsKit) -> None:
    """As one is that was promised by a receipt: it stands in the journal as well."""
    lines = reads(kit, GET_CONFIG)
    access = access_in(json.loads(lines[0]))
    assert access
    audit.provide("audit_appender").append([access.entry, numbered(ACME, 1)])
    deliver(audit, lines)
    assert len(listed(kit, "config.read")) == 1
