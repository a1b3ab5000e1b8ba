"""A store with no space left: writes and secrets are refused, reads of configs go on, and nothing is half-written."""

import json
import resource
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from llm_config_domain.names import TenantId
from llm_config_local.adapters.journal import FLUSH_SECONDS
from tests.faults.invariants import check_directory
from tests.support.homes import EmbeddedKit, Reply
from tests.support.processes import Served, served, until

CONFIG = "/api/v1/configs/app/known?environment=production"
SECRET = "/api/v1/secrets/app/known?environment=production"
CANARY = "canary-that-a-full-store-keeps"
TRIES = 3000


def assert_unavailable(reply: Reply | httpx.Response) -> None:
    status = reply.status if isinstance(reply, Reply) else reply.status_code
    assert (status, reply.headers["Content-Type"]) == (503, "application/problem+json")
    assert int(reply.headers["Retry-After"]) >= 1
    body = json.loads(reply.text)
    assert (body["kind"], body["retryable"]) == ("unavailable", True)
    assert CANARY not in reply.text


@dataclass(frozen=True)
class Full:
    home: EmbeddedKit
    tenant: TenantId
    token: str
    acknowledged: int
    """How many versions of `app/filler` were acknowledged before the store was full."""


@pytest.fixture
def full(home: EmbeddedKit) -> Full:
    """A home whose store may not grow, filled to its last page."""
    tenant = home.tenant("acme")
    token = home.token(tenant, "operator")
    assert home.call("PUT", CONFIG, {"value": "known"}, token=token).status == 201
    assert home.call("PUT", SECRET, {"type": "generic", "value": CANARY}, token=token).status == 201
    home.family.store.limit_pages(home.family.store.setting("page_count") + 20)
    acknowledged = 0
    for size in (3000, 300, 1):  # a small write fits where a large one does not
        for _ in range(TRIES):
            if _fill(home, token, size).status == 503:
                break
            acknowledged += 1
        else:
            pytest.fail("the store took more than it was limited to")
    for _ in range(TRIES):
        if home.call("GET", SECRET, token=token).status == 503:
            return Full(home, tenant, token, acknowledged)
    raise AssertionError("the store took more records than it was limited to")


def _fill(home: EmbeddedKit, token: str, size: int) -> Reply:
    return home.call("PUT", "/api/v1/configs/app/filler?environment=production", {"value": "x" * size}, token=token)


def test_a_commit_is_on_disk_before_anybody_hears_of_it(home: EmbeddedKit) -> None:
    assert home.family.store.setting("synchronous") == 2  # FULL
    assert home.family.store.setting("journal_mode") == "wal"


def test_a_full_store_refuses_writes_and_says_when_to_try_again(full: Full) -> None:
    assert_unavailable(full.home.call("PUT", CONFIG, {"value": "new"}, token=full.token))
    assert_unavailable(full.home.call("PUT", SECRET, {"type": "generic", "value": CANARY}, token=full.token))
    assert_unavailable(full.home.call("PUT", CONFIG.replace("known", "unknown"), {"value": 1}, token=full.token))


def test_a_full_store_gives_no_secret_because_its_record_cannot_be_written(full: Full) -> None:
    assert_unavailable(full.home.call("GET", SECRET, token=full.token))
    value = {"api_key": {"$secret": "app/known"}}
    full.home.family.store.limit_pages(0)
    put = full.home.call("PUT", CONFIG, {"value": value}, token=full.token)
    assert put.status == 200
    full.home.family.store.limit_pages(1)  # as small as it is
    url = "/api/v1/resolved/app/known?environment=production&secrets=reveal"
    until(lambda: full.home.call("GET", url, token=full.token).status == 503, "the records of reveals still fit")
    assert_unavailable(full.home.call("GET", url, token=full.token))


def test_a_full_store_still_answers_reads_of_configs(full: Full) -> None:
    reply = full.home.call("GET", CONFIG, token=full.token)
    assert (reply.status, reply.json["value"]) == (200, "known")
    assert full.home.call("GET", CONFIG.replace("configs", "resolved"), token=full.token).status == 200


def test_a_full_store_holds_nothing_half_written_and_goes_on_when_space_returns(full: Full) -> None:
    assert full.home.call("PUT", CONFIG, {"value": "new"}, token=full.token).status == 503
    check_directory(full.home.family.directory)
    full.home.family.store.limit_pages(0)
    assert _fill(full.home, full.token, 1).json["version"] == full.acknowledged + 1
    assert full.home.call("PUT", CONFIG, {"value": "new"}, token=full.token).json["version"] == 2
    assert full.home.call("GET", SECRET, token=full.token).json["value"] == CANARY
    check_directory(full.home.family.directory)


def test_an_idempotency_key_refused_by_a_full_store_is_free_to_be_used_again(full: Full) -> None:
    def put() -> Reply:
        return full.home.call("PUT", CONFIG, {"value": 2}, token=full.token, headers={"Idempotency-Key": "again"})

    assert_unavailable(put())
    full.home.family.store.limit_pages(0)
    assert (put().json["version"], "Idempotency-Replayed" in put().headers) == (2, True)


def records(home: EmbeddedKit) -> list[dict[str, Any]]:
    with home.family.store.snapshot() as db:
        return [json.loads(text) for (text,) in db.execute("SELECT entry FROM journal WHERE line = 'A'")]


def test_what_the_access_log_lost_is_told_to_each_tenant_once_space_returns(home: EmbeddedKit) -> None:
    tokens = {tenant: home.token(tenant, "viewer") for tenant in (home.tenant("acme"), home.tenant("twin"))}
    home.family.store.limit_pages(1)  # as small as it is
    asked: Counter[str] = Counter()
    for tenant, count in zip(tokens, (60, 20), strict=True):
        for _ in range(count):
            assert home.call("GET", "/api/v1/whoami", token=tokens[tenant]).status == 200
            asked[tenant] += 1
    until(lambda: set(home.family.access_log.lost) == set(tokens), "the full store took every record")
    home.family.store.limit_pages(0)
    until(lambda: not home.family.access_log.lost, "what was lost is not told, and nobody asked for anything since")
    home.family.access_log.close()
    told: Counter[str] = Counter()
    for entry in records(home):
        told[entry["tenant"]] += entry["metadata"]["lost"] if entry["event_type"] == "audit.gap" else 1
    assert told == asked
    gaps = [entry for entry in records(home) if entry["event_type"] == "audit.gap"]
    assert {(gap["tenant"], gap["actor"]["id"], gap["severity"]) for gap in gaps} == {
        (tenant, "system:access-log", "error") for tenant in tokens
    }


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path / "home") as home:
        yield home


def limit_file_size(pid: int, limit: int) -> None:
    """No file of this process may grow beyond `limit` bytes: a write there is EFBIG, as ENOSPC is on a full disk."""
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))


def test_a_real_home_outlives_files_that_cannot_grow(real: Served) -> None:
    tenant = real.tenant("acme")
    with real.client(real.token(tenant, "operator")) as client:
        assert client.put(CONFIG, json={"value": "known"}).status_code == 201
        assert client.put(SECRET, json={"type": "generic", "value": CANARY}).status_code == 201
        write_ahead_log = real.directory / "store.sqlite-wal"
        limit_file_size(real.pid, write_ahead_log.stat().st_size + 9_999)  # in the middle of a page
        acknowledged = 0
        while (reply := client.put(CONFIG, json={"value": ["x" * 2000, acknowledged]})).status_code == 200:
            acknowledged += 1
            assert acknowledged < TRIES, "the limit on the files is not in force"
        assert_unavailable(reply)
        assert_unavailable(client.put(SECRET, json={"type": "generic", "value": "x" * 9999}))
        until(lambda: client.get(SECRET).status_code == 503, "the records of reads still fit")
        assert_unavailable(client.get(SECRET))
        assert client.get(CONFIG).json()["version"] == acknowledged + 1
        check_directory(real.directory)
        for _ in range(10):  # over several beats of the access log, so that it loses what it holds
            assert client.get(CONFIG).status_code == 200
            time.sleep(FLUSH_SECONDS / 2)
        limit_file_size(real.pid, resource.RLIM_INFINITY)
        assert client.put(CONFIG, json={"value": "after"}).json()["version"] == acknowledged + 2
        assert client.get(SECRET).json()["value"] == CANARY
        until(lambda: "audit.gap" in {entry["event_type"] for entry in real.dump("journal")}, "no gap was recorded")
    real.kill()
    real.start()
    with real.client(real.token(tenant, "operator")) as client:
        assert client.get(CONFIG).json()["value"] == "after"
    check_directory(real.directory)
    assert "Traceback" not in real.log.read_text()
